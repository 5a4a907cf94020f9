/**
 * A plan is made anew, in a request of its own: one process at a time does so for a route, the one that creates the folder
 * ROUTE.planning, as mkdir succeeds for one alone. What a killed one leaves is taken up by the next.
 */

import fs from 'fs';
import { reasonOf } from '../../shared/reason';
import * as words from '../../shared/told';
import { DEFAULTS, readPollCost, readSettings } from '../schedule/settings';
import { emptyDistribution, fold } from './distribution';
import { exists, isDue, modified, textOf } from './files.njs';
import { readOutcomes } from './learned';
import { makePlan } from './plan';
import { readDistribution, writeDistribution, writePlan } from './stored';

const DEFAULT_PRICE = readPollCost(DEFAULTS.poll_cost) as number;

/** Jobs that ended since are counted as of this time at most. */
const LONGEST_SINCE_MS = 60_000;

/** A process that plans for so long was killed: it takes milliseconds. */
const LONGEST_PLANNING_MS = 10_000;

/** Planned polls are at least this share of `$offload_interval` apart. */
const FLOOR = 0.2;

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
