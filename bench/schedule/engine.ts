/** js_content that says what learning and planning cost on the engine that runs it, in ms. */

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

export interface Task {
  /** A distribution, as of write. */
  text: string;
  /** Of jobs that ended since. */
  outcomes: EndInterval[];
}

/** Of a poll and of a pause, as of makePlan. */
const PRICE = 25;
const FLOOR = 50;
/** How often each is done, in each of several groups. */
const TIMES = 100;
const GROUPS = 5;

function measure(r: { requestText: string; return(status: number, text: string): void }): void {
  const task: Task = JSON.parse(r.requestText);
  const known = readDistribution(task.text) as NonNullable<ReturnType<typeof readDistribution>>;
  const plan = makePlan(known, PRICE, FLOOR) as Plan;
  const planText = writePlan(plan);
  const settings = readSettings('60s', '250ms', '10%', '30s');
  const costs = [
    each(() => readDistribution(task.text)),
    each(() => fold(known, task.outcomes, 1000)),
    each(() => makePlan(known, PRICE, FLOOR)),
    each(() => writeDistribution(known)),
    each(() => placeInSchedule(readPlan(planText), settings, 20_000, 12_345)),
  ];
  r.return(200, JSON.stringify(costs));
}

/** The least of several means: others use the CPU as well. */
function each(work: () => unknown): number {
  let least = Number.MAX_VALUE;
  for (let group = 0; group < GROUPS; group++) {
    const start = Date.now();
    for (let i = 0; i < TIMES; i++) {
      work();
    }
    least = Math.min(least, (Date.now() - start) / TIMES);
  }
  return least;
}

export default { measure };
