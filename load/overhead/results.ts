/** The content of load/results/overhead.json. */

import type { Release } from '../../testkit/nginx';
import type { Machine } from '../rig/machine';
import type { Kind } from './configuration';
import type { Sample } from './sample';

export interface Counted {
  adds: string;
  isOptional: boolean;
  /** Per request. */
  instructions: number;
}

export interface Run extends Release {
  kind: Kind;
  /** steps.ts */
  steps: Counted[];
  /** The nth samples of `without` and `with` were measured at the same time. */
  without: Sample[];
  with: Sample[];
}

export interface Results {
  /** Time of the start, ISO 8601. */
  taken: string;
  machine: Machine;
  /** Length of a sample. */
  seconds: number;
  runs: Run[];
}
