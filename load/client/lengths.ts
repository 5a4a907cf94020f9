/** Its multiples modulo 1 are evenly distributed for any count (golden ratio sequence). */
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * The length of a job: evenly distributed, and the same in each run.
 *
 * @param number of the job, from 0
 * @param job ms, the mean
 * @param spread ms, the largest deviation from it
 * @returns whole ms
 */
export function lengthOf(number: number, job: number, spread: number): number {
  const share = (0.5 + number * GOLDEN) % 1;
  return Math.round(job + spread * (2 * share - 1));
}

/** The length of all jobs, such as `8 to 12 s`. */
export function workOf({ job, spread }: { job: number; spread: number }): string {
  const from = (job - spread) / 1000;
  return spread > 0 ? `${from} to ${(job + spread) / 1000} s` : `${from} s`;
}
