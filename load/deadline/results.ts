/** The content of load/results/deadline.json. */

import type { Machine } from '../rig/machine';
import type { Counted } from './load';
import type { Settings } from './settings';
import type { Way } from './ways';

export interface Run extends Counted {
  way: Way;
  /** Busy workers, on average. */
  busy: number;
}

export interface Results {
  /** Time of the start, ISO 8601. */
  taken: string;
  machine: Machine;
  settings: Settings;
  runs: Run[];
}
