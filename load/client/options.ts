/** k6 options that the scripts have in common. */

import type { Scenario } from 'k6/options';
import { asOptions, type Threshold } from './thresholds.ts';

export function optionsOf(scenarios: Record<string, Scenario>, thresholds: Threshold[]) {
  return {
    ...{ scenarios, thresholds: asOptions(thresholds) },
    summaryTrendStats: ['med', 'p(95)', 'p(99)', 'max'],
    // Go's HTTP client silently retries a request if a reused connection breaks
    noConnectionReuse: true,
    // a failed call throws, instead of one log line for each
    throw: true,
  };
}

/**
 * CONNECTIONS clients that share REQUESTS calls.
 *
 * @param timeout ms
 * @param arrival seconds from the first client to the last
 */
export function sharedCalls(connections: number, requests: number, timeout: number, arrival = 0) {
  if (requests < connections) {
    throw new Error(`REQUESTS=${requests}: fewer than CONNECTIONS=${connections}`);
  }
  return {
    executor: 'shared-iterations',
    vus: connections,
    iterations: requests,
    maxDuration: `${Math.ceil(requests / connections) * timeout + Math.ceil(arrival * 1000) + 5000}ms`,
    gracefulStop: '0s',
  } as const;
}

/** A unique prefix for the ids of a run, so that answers of other runs are not accepted. */
export function newRun(): string {
  return `${Date.now().toString(36)}${Math.floor(Math.random() * 1e9).toString(36)}`;
}
