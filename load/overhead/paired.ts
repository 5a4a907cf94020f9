/** Statistics of paired samples. */

import { median } from '../rig/median';

export interface Ratio {
  /** The median of the pairs' ratios of `with` to `without`. */
  medianRatio: number;
  /** The 95 % confidence interval of the median; NaN for fewer than 6 pairs. */
  interval: [number, number];
}

/** @param without and `withIt`: the nth values of both are a pair */
export function ratio(without: number[], withIt: number[]): Ratio {
  const pairs = without.map((value, i) => (withIt[i] ?? Number.NaN) / value).sort((a, b) => a - b);
  const outside = ranksOutside(pairs.length);
  const end = (i: number) => (outside < 0 ? Number.NaN : (pairs[i] ?? Number.NaN));
  return {
    medianRatio: median(pairs),
    interval: [end(outside), end(pairs.length - 1 - outside)],
  };
}

/**
 * How many of the lowest and of the highest values are outside of the 95 % confidence interval: the
 * number of values below the true median has a binomial distribution with p = 0.5.
 */
function ranksOutside(pairs: number): number {
  let combinations = 1;
  let sum = 0;
  for (let rank = 0; ; rank++) {
    sum += combinations / 2 ** pairs;
    if (sum > 0.025) {
      return rank - 1;
    }
    combinations = (combinations * (pairs - rank)) / (rank + 1);
  }
}
