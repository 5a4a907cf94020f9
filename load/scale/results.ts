/** The content of load/results/scale.json. */

import type { Release } from '../../testkit/nginx';
import type { Machine } from '../rig/machine';
import type { Limits } from './capacity';
import type { Measured } from './measure';
import type { Level } from './plan';

export interface Run extends Release, Level {
  measured: Measured;
}

export interface Results {
  /** Time of the start, ISO 8601. */
  taken: string;
  machine: Machine;
  limits: Limits;
  /** Skipped levels, with the reason. */
  leftOut: string[];
  runs: Run[];
}
