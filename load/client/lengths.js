// @ts-check
/** How long each job works: spread evenly, and the same at each run. */

/** Multiples of it, modulo 1, lie evenly however many are taken. */
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * @param {number} number of the job, from 0
 * @param {number} job ms, the middle
 * @param {number} spread ms, to either side
 * @returns {number} whole ms
 */
export function lengthOf(number, job, spread) {
  const share = (0.5 + number * GOLDEN) % 1;
  return Math.round(job + spread * (2 * share - 1));
}
