/** Jitter: a factor of a job's pauses, so that jobs that started together are not polled together. */

/**
 * @param hash 32 bits, the job's own
 * @returns 0.9 to 1.1
 */
export function backoffJitter(hash: number): number {
  return 0.9 + (hash / MOST) * 0.2;
}

const MOST = 0xffffffff;

/**
 * A job's factor of planned times: mostly up to 0.12 % later, as a poll just before most jobs end is one for
 * nothing; but a tenth of the jobs up to 0.2 % earlier, or none would find out that jobs end earlier.
 */
const LATER = 0.0012;
export const EARLIER = 0.002;
export const EARLIER_JOBS = 0.1;

/** @param fraction 0 to 1, the job's own */
export function planJitter(fraction: number): number {
  return fraction < EARLIER_JOBS
    ? 1 - (EARLIER * fraction) / EARLIER_JOBS
    : 1 + (LATER * (fraction - EARLIER_JOBS)) / (1 - EARLIER_JOBS);
}

/**
 * @param purpose fractions of one hash for different purposes have nothing to do with each other
 * @returns 0 to 1
 */
export function fractionOf(hash: number, purpose: number): number {
  return mixed(Math.imul(hash, 0x01000193) ^ Math.imul(purpose, 0x9e3779b9)) / MOST;
}

function mixed(bits: number): number {
  const hash = Math.imul(bits ^ (bits >>> 16), 0x7feb352d);
  return (hash ^ (hash >>> 15)) >>> 0;
}
