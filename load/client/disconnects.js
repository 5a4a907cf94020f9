// @ts-check
/** Which clients disconnect, and when: evenly distributed, and the same in each run. */

import { lengthOf } from './lengths.js';

/** The time of a disconnect, in thousandths of the work's length: 100 to 900. */
const MIDDLE = 500;
const SPREAD = 400;

/**
 * @param {number} requests
 * @param {number} share of the requests whose clients disconnect, from 0 to 1
 */
export function planDisconnects(requests, share) {
  /** @param {number} number */
  const before = (number) => Math.floor(number * share + 1e-6);
  return {
    count: before(requests),
    /**
     * @param {number} number of the request, from 0
     * @returns {number | undefined} the share of the work after which the client disconnects, if it does
     */
    disconnectsAt: (number) =>
      before(number + 1) > before(number) ? lengthOf(number, MIDDLE, SPREAD) / 1000 : undefined,
  };
}
