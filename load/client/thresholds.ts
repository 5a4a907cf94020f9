/** Thresholds of a run, each named by the variable that sets it. */

import { duration, type Env, percent } from './variables.ts';

/** Variables, and k6's names for the statistics of the added latency. */
const ADDED = { ADDED_P50: 'med', ADDED_P95: 'p(95)', ADDED_P99: 'p(99)', ADDED_MAX: 'max' };

export interface Threshold {
  /** As printed, such as RIGHT=100%. */
  name: string;
  metric: string;
  /** An expression of k6's thresholds. */
  rule: string;
}

/** RIGHT, and ADDED_P50, ADDED_P95, ADDED_P99, ADDED_MAX if set. */
export function readThresholds(env: Env, requests: number): Threshold[] {
  // of all planned requests, so that one that was never made is not right
  const least = minimumCount(requests, percent(env, 'RIGHT', '100%'));
  const added = Object.entries(ADDED).filter(([name]) => env[name] !== undefined);
  return [
    { name: `RIGHT=${env.RIGHT ?? '100%'}`, metric: 'right', rule: `count>=${least}` },
    ...added.map(([name, figure]) => ({
      name: `${name}=${env[name]}`,
      metric: 'added',
      rule: `${figure}<=${duration(env, name, '1s')}`,
    })),
  ];
}

/** The smallest whole number that is this share, from 0 to 1. */
export function minimumCount(all: number, share: number): number {
  // 100 * 0.07 is 7.000000000000001
  return Math.ceil(all * share - 1e-6);
}

/** In the form of k6's options.thresholds. */
export function asOptions(thresholds: Threshold[]): Record<string, string[]> {
  const options: Record<string, string[]> = {};
  for (const { metric, rule } of thresholds) {
    options[metric] = [...(options[metric] ?? []), rule];
  }
  return options;
}
