/** Which crowds are held, and for how long. */

import type { Engine } from '../rig/wanted';
import { GOALS } from './goals';

export interface Crowd {
  /** Clients that are held at the same time. */
  held: number;
  /** Length of the job that each waits for. */
  seconds: number;
}

const HELD = [1000, 2000, 5000, 10_000];
const SECONDS = [10, 60, 300];

/** Where the two lines of the default plan cross, and where only one of both is given. */
const BASE: Crowd = { held: 2000, seconds: 30 };

/**
 * By default how cost grows with the number, and how with the time: each with each would take
 * hours. The crowds of the goals are there as well.
 */
export function plan(
  engine: Engine,
  held: number[] | undefined,
  seconds: number[] | undefined,
): Crowd[] {
  if (held === undefined && seconds === undefined) {
    const lines = [
      ...HELD.map((one) => ({ held: one, seconds: BASE.seconds })),
      ...SECONDS.map((one) => ({ held: BASE.held, seconds: one })),
    ];
    const goals = GOALS.filter((goal) => goal.engine === engine);
    return [
      ...lines,
      ...goals
        .filter((goal) => !lines.some((crowd) => isSame(crowd, goal)))
        .map((goal) => ({ held: goal.held, seconds: goal.seconds })),
    ];
  }
  return (held ?? [BASE.held]).flatMap((one) =>
    (seconds ?? [BASE.seconds]).map((length) => ({ held: one, seconds: length })),
  );
}

export function isSame(a: Crowd, b: Crowd): boolean {
  return a.held === b.held && a.seconds === b.seconds;
}
