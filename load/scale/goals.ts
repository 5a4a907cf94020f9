/** Memory goals for held clients, provided that all responses are correct. */

import type { Engine } from '../rig/nginx-selection';
import type { Level } from './plan';

export interface Goal extends Level {
  engine: Engine;
  /** Memory of nginx for each client. */
  kilobytes: number;
}

export const GOALS: Goal[] = [
  { engine: 'njs', held: 10_000, seconds: 30, kilobytes: 70 },
  { engine: 'njs', held: 10_000, seconds: 300, kilobytes: 110 },
];
