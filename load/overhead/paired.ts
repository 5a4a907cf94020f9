/**
 * Two things measured in turns (A B B A …), so that what else the machine does meets both, and
 * what drifts meets neither more than the other.
 */

import { percentile } from '../client/percentile.js';
import { median } from './median';

/** @returns which one each turn measures, two turns for each pair */
export function turns(pairs: number): ('without' | 'with')[] {
  return Array.from({ length: pairs }, (_, pair) =>
    pair % 2 === 0 ? (['without', 'with'] as const) : (['with', 'without'] as const),
  ).flat();
}

export interface Ratio {
  /** Of the medians, `with` to `without`. */
  ofMedians: number;
  /** Half of the pairs have a ratio between these. */
  quartiles: [number, number];
}

/** @param without and `with`, in the order in which they were measured: pairs are neighbours */
export function ratio(without: number[], withIt: number[]): Ratio {
  const pairs = without.map((value, i) => (withIt[i] ?? Number.NaN) / value);
  return {
    ofMedians: median(withIt) / median(without),
    quartiles: [percentile(pairs, 0.25), percentile(pairs, 0.75)],
  };
}
