/** What load/results/farm.json holds. */

import type { Machine } from '../rig/machine';
import type { Figures } from './figures';
import type { Settings } from './settings';

/** A system under work that blocks. */
export interface Waited {
  title: string;
  all: Figures;
  fast: Figures;
  slow: Figures;
}

/** A system under work that keeps the CPU busy. */
export interface Computed {
  title: string;
  all: Figures;
}

export interface Results {
  /** When it was begun, ISO 8601. */
  taken: string;
  machine: Machine;
  versions: Record<string, string>;
  settings: Settings;
  /** Requests in a second, to each system. */
  perSecond: { waiting: number; computing: number };
  waiting: Waited[];
  computing: Computed[];
}
