/** What load/results/scale.json holds. */

import type { Release } from '../../test/harness/nginx';
import type { Machine } from '../rig/machine';
import type { Measured } from './crowd';
import type { Limits } from './fits';
import type { Crowd } from './plan';

export interface Run extends Release, Crowd {
  measured: Measured;
}

export interface Results {
  /** When it was begun, ISO 8601. */
  taken: string;
  machine: Machine;
  limits: Limits;
  /** What was not measured, and why. */
  leftOut: string[];
  runs: Run[];
}
