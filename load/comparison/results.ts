/** The content of load/results/latest.json, from which the tables and the plot are generated. */

import type { Published } from '../rig/k6';
import type { Machine } from '../rig/machine';

export interface Results {
  /** Time of the start, ISO 8601. */
  taken: string;
  machine: Machine;
  /** Versions by name, such as nginx. */
  versions: Record<string, string>;
  connections: number;
  requests: number;
  jobMs: number;
  limitMs: number;
  runs: Run[];
}

/** The outcomes of all systems under the same load. */
export interface Run {
  spreadMs: number;
  /** The shortest possible duration with this number of connections. */
  idealSeconds: number;
  outcomes: Outcome[];
}

export interface Outcome
  extends Pick<Published, 'right' | 'wrong' | 'unfinished' | 'wallSeconds' | 'addedMs'> {
  system: string;
  title: string;
  /** Requests to the app per slow call. */
  callsPerJob: number;
  /** Growth of nginx's memory at the peak, per connection. */
  bytesPerHeld: number;
  cpuSeconds: { nginx: number; app: number };
}

/** Requests with a response, right or wrong. */
export function answeredOf(outcome: Outcome): number {
  return outcome.right + wrongOf(outcome);
}

export function wrongOf(outcome: Outcome): number {
  return Object.values(outcome.wrong).reduce((sum, number) => sum + number, 0);
}

/** Whether each request has the right response. */
export function isWhole(outcome: Outcome): boolean {
  return outcome.unfinished === 0 && wrongOf(outcome) === 0;
}
