/** k6 options that the scripts have in common. */

import { trendStats } from './tally.js';

export const commonOptions = {
  summaryTrendStats: trendStats,
  // Go's HTTP client silently retries a request if a reused connection breaks
  noConnectionReuse: true,
  // a failed call throws, instead of one log line for each
  throw: true,
};

/**
 * CONNECTIONS clients that share REQUESTS calls.
 * @param {number} connections
 * @param {number} requests
 * @param {number} timeout ms
 * @param {number} arrival seconds from the first client to the last
 */
export function sharedCalls(connections, requests, timeout, arrival = 0) {
  if (requests < connections) {
    throw new Error(`REQUESTS=${requests}: fewer than CONNECTIONS=${connections}`);
  }
  return {
    executor: 'shared-iterations',
    vus: connections,
    iterations: requests,
    maxDuration: `${Math.ceil(requests / connections) * timeout + Math.ceil(arrival * 1000) + 5000}ms`,
    gracefulStop: '0s',
  };
}

/** A unique prefix for the ids of a run, so that responses of other runs are not accepted. */
export function newRun() {
  return `${Date.now().toString(36)}${Math.floor(Math.random() * 1e9).toString(36)}`;
}
