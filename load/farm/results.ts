/** The content of load/results/farm.json. */

import type { Machine } from '../rig/machine';
import type { Figures } from './figures';
import type { Settings } from './settings';

/** Figures of a system with blocking work. */
export interface Waited {
  title: string;
  all: Figures;
  fast: Figures;
  slow: Figures;
}

/** Figures of a system with CPU-bound work. */
export interface Computed {
  title: string;
  all: Figures;
}

export interface Results {
  /** Time of the start, ISO 8601. */
  taken: string;
  machine: Machine;
  versions: Record<string, string>;
  settings: Settings;
  /** Requests per second to each system. */
  perSecond: { waiting: number; computing: number };
  waiting: Waited[];
  computing: Computed[];
}
