/**
 * The learned schedule in files: they work with every njs, outlast a reload and a restart, and can be read
 * with cat; a js_shared_dict_zone needs njs 0.8. An append of one small line is atomic, as is a rename.
 *
 * An attempt that finds outcomes in the log and the plan older than a second has the log renamed, folded into
 * what is known, and the plan replaced by a rename (planning.njs.ts).
 */

import fs from 'fs';
import { reasonOf } from '../../shared/reason';
import type { Plan } from '../schedule/place';
import type { EndInterval } from './distribution';
import { exists, isDue, sizeOf, textOf } from './files.njs';
import { ALL_OTHERS, LONGEST_LOG, MOST_ROUTES, writeOutcome } from './learned';
import { readPlan as readPlanText } from './stored';

/** Folder of the learned schedule: beside the waiter's socket. */
export function folderOf(r: NginxHTTPRequest): string {
  const address = r.variables.server_addr as string;
  return `${address.slice('unix:'.length, address.lastIndexOf('/'))}/schedule`;
}

/**
 * @param folder of the schedule
 * @param route of routeOf
 * @returns undefined as long as nothing is known of the route
 */
export function readPlan(r: NginxHTTPRequest, folder: string, route: string): Plan | undefined {
  // jobs that ended together are in a plan a second later, if they are polled for again
  planIfDue(r, `${folder}/${route}`);
  return readFrom(r, `${folder}/${route}.plan`) || readFrom(r, `${folder}/${ALL_OTHERS}.plan`);
}

function readFrom(r: NginxHTTPRequest, path: string): Plan | undefined {
  const text = textOf(path);
  const plan = text === '' ? undefined : readPlanText(text);
  if (text !== '' && plan === undefined) {
    r.error(`offload: ${path} can't be read and is removed: polls are made by the backoff`);
    remove(path);
  }
  return plan;
}

/**
 * Notes that a job ended, and has a plan made if the one there is is older than a second: in a request of
 * its own, after this one is answered.
 */
export function learn(
  r: NginxHTTPRequest,
  folder: string,
  route: string,
  outcome: EndInterval,
): void {
  try {
    const path = `${folder}/${nameFor(folder, route)}`;
    if (sizeOf(`${path}.log`) < LONGEST_LOG) {
      fs.appendFileSync(`${path}.log`, writeOutcome(outcome));
    }
    planIfDue(r, path);
  } catch (error) {
    r.error(`offload: nothing is learned of ${route}: ${reasonOf(error)}`);
  }
}

function planIfDue(r: NginxHTTPRequest, path: string): void {
  if (isDue(path)) {
    r.subrequest('/.offload/plan', { detached: true, args: path });
  }
}

/**
 * The route, or the name that is shared if there are too many of its kind: an app that signals another path
 * for each job takes nothing from the routes that have names. Makes the folder.
 */
function nameFor(folder: string, route: string): string {
  if (exists(`${folder}/${route}.times`) || exists(`${folder}/${route}.log`)) {
    return route;
  }
  if (!exists(folder)) {
    makeFolder(folder);
  }
  const kind = route.slice(0, route.indexOf('-') + 1);
  // an app may choose the names: an object without a prototype
  const routes: Record<string, boolean> = Object.create(null);
  fs.readdirSync(folder).forEach((name) => {
    const file = String(name);
    // a route that is not planned yet has a log alone
    if (file.startsWith(kind) && (file.endsWith('.times') || file.endsWith('.log'))) {
      routes[file.slice(0, file.lastIndexOf('.'))] = true;
    }
  });
  return Object.keys(routes).length < MOST_ROUTES ? route : ALL_OTHERS;
}

function makeFolder(folder: string): void {
  try {
    fs.mkdirSync(folder);
  } catch (error) {
    // another process may have been first
    if (!exists(folder)) {
      throw error;
    }
  }
}

function remove(path: string): void {
  try {
    fs.unlinkSync(path);
  } catch {
    // another process was first
  }
}
