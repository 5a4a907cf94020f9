/** What held clients may cost at most, where all of them get their right answer. */

import type { Engine } from '../rig/wanted';
import type { Crowd } from './plan';

export interface Goal extends Crowd {
  engine: Engine;
  /** Of nginx, for each client. */
  kilobytes: number;
}

export const GOALS: Goal[] = [
  { engine: 'njs', held: 10_000, seconds: 30, kilobytes: 70 },
  { engine: 'njs', held: 10_000, seconds: 300, kilobytes: 110 },
];
