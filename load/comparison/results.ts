/** The figures of a benchmark as load/results/latest.json has them: all that is shown comes from it. */

import type { Published } from '../rig/k6';
import type { Machine } from '../rig/machine';

export interface Results {
  /** When it was begun, ISO 8601. */
  taken: string;
  machine: Machine;
  /** By name, such as nginx. */
  versions: Record<string, string>;
  connections: number;
  requests: number;
  jobMs: number;
  limitMs: number;
  runs: Run[];
}

/** All systems under the same load. */
export interface Run {
  spreadMs: number;
  /** Nobody can be faster with so many connections. */
  idealSeconds: number;
  outcomes: Outcome[];
}

export interface Outcome
  extends Pick<Published, 'right' | 'wrong' | 'unfinished' | 'wallSeconds' | 'addedMs'> {
  system: string;
  title: string;
  /** What the app was asked, by the slow calls that it got. */
  callsPerJob: number;
  /** Growth of nginx at its peak, for each connection. */
  bytesPerHeld: number;
  cpuSeconds: { nginx: number; app: number };
}

/** Requests that have an answer, be it a wrong one. */
export function answeredOf(outcome: Outcome): number {
  return outcome.right + wrongOf(outcome);
}

export function wrongOf(outcome: Outcome): number {
  return Object.values(outcome.wrong).reduce((sum, number) => sum + number, 0);
}

/** Whether each request has its right answer. */
export function isWhole(outcome: Outcome): boolean {
  return outcome.unfinished === 0 && wrongOf(outcome) === 0;
}
