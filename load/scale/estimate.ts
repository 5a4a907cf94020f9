/** How long a plan takes, to be told before it begins. */

import type { Crowd } from './plan';

/** Seconds: containers start, nginx closes what it had open, containers are removed. */
const AROUND = 12;

/** Seconds for each client: polls come late once they take all that the CPUs have. */
const LATE = 0.002;

/** @param arrivals clients that arrive in a second @returns seconds, on the long side */
export function estimate(crowds: Crowd[], arrivals: number): number {
  return crowds.reduce(
    (sum, { held, seconds }) => sum + seconds + held / arrivals + held * LATE + AROUND,
    0,
  );
}

/** @returns `90 s`, or minutes where it is longer */
export function duration(seconds: number): string {
  return seconds < 120 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} minutes`;
}
