/** The load levels to measure. */

import type { Engine } from '../rig/nginx-selection';
import { GOALS } from './goals';

export interface Level {
  /** Clients held at the same time. */
  held: number;
  /** Length of each client's job. */
  seconds: number;
}

const HELD = [1000, 2000, 5000, 10_000];
const SECONDS = [10, 60, 300];

/** The common level of both series of the default plan, and the default for HELD or SECONDS alone. */
const BASE: Level = { held: 2000, seconds: 30 };

/**
 * By default two series, one varying the number of clients and one the length of the jobs, and the
 * levels of the goals: all combinations would take hours.
 */
export function plan(
  engine: Engine,
  held: number[] | undefined,
  seconds: number[] | undefined,
): Level[] {
  if (held === undefined && seconds === undefined) {
    const series = [
      ...HELD.map((one) => ({ held: one, seconds: BASE.seconds })),
      ...SECONDS.map((one) => ({ held: BASE.held, seconds: one })),
    ];
    const goals = GOALS.filter((goal) => goal.engine === engine);
    return [
      ...series,
      ...goals
        .filter((goal) => !series.some((level) => isSame(level, goal)))
        .map((goal) => ({ held: goal.held, seconds: goal.seconds })),
    ];
  }
  return (held ?? [BASE.held]).flatMap((one) =>
    (seconds ?? [BASE.seconds]).map((length) => ({ held: one, seconds: length })),
  );
}

export function isSame(a: Level, b: Level): boolean {
  return a.held === b.held && a.seconds === b.seconds;
}
