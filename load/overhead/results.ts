/** What load/results/overhead.json holds. */

import type { Release } from '../../test/harness/nginx';
import type { Machine } from '../rig/machine';
import type { Kind } from './configuration';
import type { Turn } from './turn';

export interface Counted {
  adds: string;
  isOptional: boolean;
  /** For each request. */
  instructions: number;
}

export interface Run extends Release {
  kind: Kind;
  /** From nothing to everything (steps.ts). */
  steps: Counted[];
  /** The nth of one and the nth of the other were measured at the same time. */
  without: Turn[];
  with: Turn[];
}

export interface Results {
  /** When it was begun, ISO 8601. */
  taken: string;
  machine: Machine;
  /** Of a turn. */
  seconds: number;
  runs: Run[];
}
