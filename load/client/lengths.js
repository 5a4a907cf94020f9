// @ts-check
/** Length of each job: evenly distributed, and the same in each run. */

/** Its multiples modulo 1 are evenly distributed for any count (golden ratio sequence). */
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * @param {number} number of the job, from 0
 * @param {number} job ms, the mean
 * @param {number} spread ms, the largest deviation from it
 * @returns {number} whole ms
 */
export function lengthOf(number, job, spread) {
  const share = (0.5 + number * GOLDEN) % 1;
  return Math.round(job + spread * (2 * share - 1));
}
