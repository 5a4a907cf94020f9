// @ts-check
/** Which clients leave, and when: evenly among all, and the same at each run. */

import { lengthOf } from './lengths.js';

/** Of the work: from a tenth of it to nine tenths, in thousandths. */
const MIDDLE = 500;
const SPREAD = 400;

/**
 * @param {number} requests
 * @param {number} share of them that leaves, from 0 to 1
 */
export function whoLeaves(requests, share) {
  /** @param {number} number */
  const before = (number) => Math.floor(number * share + 1e-6);
  return {
    count: before(requests),
    /**
     * @param {number} number of the request, from 0
     * @returns {number | undefined} the share of the work that it waits, if it leaves
     */
    leavesAt: (number) =>
      before(number + 1) > before(number) ? lengthOf(number, MIDDLE, SPREAD) / 1000 : undefined,
  };
}
