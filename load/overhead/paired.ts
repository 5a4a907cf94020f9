/** Two things measured at the same time, pair by pair: what differs within a pair is theirs. */

import { median } from '../rig/median';

export interface Ratio {
  /** `with` to `without`: the median of the pairs, which what slows both down does not move. */
  ofPairs: number;
  /** The true median is between these, as sure as 19 in 20; both ends are NaN of fewer than 6 pairs. */
  interval: [number, number];
}

/** @param without and `with`, the nth of one and the nth of the other are a pair */
export function ratio(without: number[], withIt: number[]): Ratio {
  const pairs = without.map((value, i) => (withIt[i] ?? Number.NaN) / value).sort((a, b) => a - b);
  const outside = ranksOutside(pairs.length);
  const end = (i: number) => (outside < 0 ? Number.NaN : (pairs[i] ?? Number.NaN));
  return {
    ofPairs: median(pairs),
    interval: [end(outside), end(pairs.length - 1 - outside)],
  };
}

/**
 * Each pair is above the true median or below it, as a coin falls: how many of the lowest (and of
 * the highest) can be left out so that it is still between the others in 95 % of all cases.
 */
function ranksOutside(pairs: number): number {
  let ways = 1;
  let sum = 0;
  for (let rank = 0; ; rank++) {
    sum += ways / 2 ** pairs;
    if (sum > 0.025) {
      return rank - 1;
    }
    ways = (ways * (pairs - rank)) / (rank + 1);
  }
}
