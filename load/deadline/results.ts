/** What load/results/deadline.json holds. */

import type { Machine } from '../rig/machine';
import type { Counted } from './load';
import type { Settings } from './settings';
import type { Way } from './ways';

export interface Run extends Counted {
  way: Way;
  /** Workers, on average. */
  busy: number;
}

export interface Results {
  /** When it was begun, ISO 8601. */
  taken: string;
  machine: Machine;
  settings: Settings;
  runs: Run[];
}
