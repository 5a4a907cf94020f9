/** Which clients disconnect, and when: evenly distributed, and the same in each run. */

import { lengthOf } from './lengths.ts';
import { type Env, percent } from './variables.ts';

/** The time of a disconnect, in thousandths of the work's length: 100 to 900. */
const MIDDLE = 500;
const SPREAD = 400;

/** @param share of the requests whose clients disconnect, from 0 to 1 */
export function planDisconnects(requests: number, share: number) {
  const before = (number: number) => Math.floor(number * share + 1e-6);
  return {
    count: before(requests),
    /**
     * @param number of the request, from 0
     * @returns the share of the work after which its client disconnects; undefined: it does not
     */
    disconnectsAt: (number: number): number | undefined =>
      before(number + 1) > before(number) ? lengthOf(number, MIDDLE, SPREAD) / 1000 : undefined,
  };
}

/** Of LEAVING; some clients must leave, and some must stay. */
export function readDisconnects(env: Env, requests: number) {
  const plan = planDisconnects(requests, percent(env, 'LEAVING', '50%'));
  if (plan.count === 0 || plan.count === requests) {
    const which = `of ${requests} requests, none or all would be disconnected`;
    throw new Error(`LEAVING=${env.LEAVING}: ${which}`);
  }
  return plan;
}
