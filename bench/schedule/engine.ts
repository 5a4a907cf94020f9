/** js_content that says what learning and planning cost on the engine that runs it. */

import { type EndInterval, fold } from '../../src/offload/learning/distribution';
import { makePlan } from '../../src/offload/learning/plan';
import {
  readDistribution,
  readPlan,
  writeDistribution,
  writePlan,
} from '../../src/offload/learning/stored';
import type { Plan } from '../../src/offload/schedule/place';
import { placeInSchedule } from '../../src/offload/schedule/place';
import { readSettings } from '../../src/offload/schedule/settings';

/** What is measured: ms for each. */
export interface Cost {
  read: number;
  fold: number;
  plan: number;
  write: number;
  readPlan: number;
  place: number;
}

export interface Task {
  /** A distribution, as of write. */
  text: string;
  /** Of jobs that ended since. */
  outcomes: EndInterval[];
  /** How often each is done. */
  times: number;
}

interface Request {
  requestText: string;
  return(status: number, text: string): void;
}

const PRICE = 25;
const FLOOR = 50;
const GROUPS = 5;

function measure(r: Request): void {
  const task: Task = JSON.parse(r.requestText);
  const text = task.text;
  const times = task.times;
  const known = readDistribution(text);
  if (known === undefined) {
    r.return(500, 'cannot be read\n');
    return;
  }
  const plan = makePlan(known, PRICE, FLOOR) as Plan;
  const planText = writePlan(plan);
  const settings = readSettings('60s', '250ms', '10%', '30s');
  const cost: Cost = {
    read: each(times, () => readDistribution(text)),
    fold: each(times, () => fold(known, task.outcomes, 1000)),
    plan: each(times, () => makePlan(known, PRICE, FLOOR)),
    write: each(times, () => writeDistribution(known)),
    readPlan: each(times, () => readPlan(planText)),
    place: each(times, () => placeInSchedule(plan, settings, 20_000, 12_345)),
  };
  r.return(200, JSON.stringify(cost));
}

/** The least of several means: others use the CPU as well. */
function each(times: number, work: () => unknown): number {
  let least = Number.MAX_VALUE;
  for (let group = 0; group < GROUPS; group++) {
    const start = Date.now();
    for (let i = 0; i < times; i++) {
      work();
    }
    least = Math.min(least, (Date.now() - start) / times);
  }
  return least;
}

export default { measure };
