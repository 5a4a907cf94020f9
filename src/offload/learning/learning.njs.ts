/**
 * The learned schedule in files: they work with every njs, outlast a reload and a restart, and can be read
 * with cat; a js_shared_dict_zone needs njs 0.8. An append of one small line is atomic, as is a rename.
 *
 * An attempt that finds outcomes in the log and the plan older than a second has the log renamed, folded into
 * what is known, and the plan replaced by a rename. One process at a time does so for a route: the one that
 * creates the folder ROUTE.planning, as mkdir succeeds for one alone. What a killed one leaves is taken up by the next.
 */

import fs from 'fs';
import { reasonOf } from '../../shared/reason';
import * as words from '../../shared/told';
import type { Plan } from '../schedule/place';
import { DEFAULTS, readPollCost, readSettings } from '../schedule/settings';
import { type EndInterval, emptyDistribution, fold } from './distribution';
import { ALL_OTHERS, LONGEST_LOG, MOST_ROUTES, readOutcomes, writeOutcome } from './learned';
import { makePlan } from './plan';
import { readDistribution, readPlan as readPlanText, writeDistribution, writePlan } from './stored';

const PLAN_EVERY_MS = 1000;
const DEFAULT_PRICE = readPollCost(DEFAULTS.poll_cost) as number;

/** Jobs that ended since are counted as of this time at most. */
const LONGEST_SINCE_MS = 60_000;

/** A process that plans for so long was killed: it takes milliseconds. */
const LONGEST_PLANNING_MS = 10_000;

/** Planned polls are at least this share of `$offload_interval` apart. */
const FLOOR = 0.2;

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

/** Whether jobs have ended since the last plan, and it is older than a second. */
function isDue(path: string): boolean {
  return sizeOf(`${path}.log`) > 0 && Date.now() - modified(`${path}.times`) >= PLAN_EVERY_MS;
}

/** js_content of `= /.offload/plan` in the waiter, which is internal. */
export function plan(r: NginxHTTPRequest): void {
  const told = words.readTold(r.headersIn.TE);
  const settings = readSettings('', told[words.INTERVAL] || '', '', '');
  const price = readPollCost(told[words.POLL_COST] || '') || DEFAULT_PRICE;
  const path = r.variables.args || '';
  try {
    planAnew(path, price, settings.interval);
  } catch (error) {
    r.error(`offload: ${path} is not planned: ${reasonOf(error)}`);
  }
  r.return(204);
}

function planAnew(path: string, price: number, interval: number): void {
  if (!claim(`${path}.planning`)) {
    return;
  }
  try {
    if (isDue(path)) {
      planClaimed(path, price, interval);
    }
  } finally {
    fs.rmdirSync(`${path}.planning`);
  }
}

function planClaimed(path: string, price: number, interval: number): void {
  const claimed = `${path}.claimed`;
  if (!exists(claimed)) {
    fs.renameSync(`${path}.log`, claimed);
  }
  const outcomes = readOutcomes(textOf(claimed));
  const known = readDistribution(textOf(`${path}.times`)) || emptyDistribution();
  const since = Math.min(Date.now() - modified(`${path}.times`), LONGEST_SINCE_MS);
  const distribution = fold(known, outcomes, since);
  const plan = makePlan(distribution, price, interval * FLOOR);
  replace(`${path}.times`, writeDistribution(distribution));
  if (plan !== undefined) {
    replace(`${path}.plan`, writePlan(plan));
  }
  fs.unlinkSync(claimed);
}

/** @returns false if another process plans; one that was killed meanwhile no longer does at the next plan */
function claim(folder: string): boolean {
  try {
    fs.mkdirSync(folder);
    return true;
  } catch (error) {
    if ((error as { code?: string }).code !== 'EEXIST') {
      throw error;
    }
    removeIfOld(folder);
    return false;
  }
}

/** Of a process that was killed while it planned, or of before the clock was set back. */
function removeIfOld(folder: string): void {
  try {
    const age = Date.now() - fs.statSync(folder).mtimeMs;
    if (age >= LONGEST_PLANNING_MS || age < -LONGEST_PLANNING_MS) {
      fs.rmdirSync(folder);
    }
  } catch {
    // whoever planned has removed it meanwhile
  }
}

function replace(path: string, text: string): void {
  const written = `${path}.${process.pid}`;
  fs.writeFileSync(written, text);
  fs.renameSync(written, path);
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

function exists(path: string): boolean {
  try {
    fs.accessSync(path);
    return true;
  } catch {
    return false;
  }
}

function remove(path: string): void {
  try {
    fs.unlinkSync(path);
  } catch {
    // another process was first
  }
}

/** Empty if there is none. */
function textOf(path: string): string {
  try {
    return fs.readFileSync(path, 'utf8') as string;
  } catch {
    return '';
  }
}

function sizeOf(path: string): number {
  try {
    return fs.statSync(path).size;
  } catch {
    return 0;
  }
}

/** ms since the epoch; 0 if there is none, or if it is of the future, as when the clock was set back. */
function modified(path: string): number {
  try {
    const time = fs.statSync(path).mtimeMs;
    return time <= Date.now() ? time : 0;
  } catch {
    return 0;
  }
}
