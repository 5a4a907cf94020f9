/** Estimates the duration of a plan, printed before it starts. */

import type { Level } from './plan';

/** Seconds to start containers, to close connections and to remove containers. */
const OVERHEAD = 12;

/** Seconds of delay for each client, when the CPUs are saturated with polls. */
const DELAY = 0.002;

/** @param arrivals new clients per second @returns seconds, an upper estimate */
export function estimate(levels: Level[], arrivals: number): number {
  return levels.reduce(
    (sum, { held, seconds }) => sum + seconds + held / arrivals + held * DELAY + OVERHEAD,
    0,
  );
}

/** @returns `90 s`, or minutes from 2 minutes on */
export function duration(seconds: number): string {
  return seconds < 120 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} minutes`;
}
