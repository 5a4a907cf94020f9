/** What each script's options have: bounds, and k6's client as an honest witness. */

import { trendStats } from './tally.js';

export const honest = {
  summaryTrendStats: trendStats,
  // a kept connection that breaks is one on which Go's client asks again, and nobody would know
  noConnectionReuse: true,
  // a failed call is an exception and not a line of the log for each
  throw: true,
};

/**
 * CONNECTIONS clients that share REQUESTS calls.
 * @param {number} connections
 * @param {number} requests
 * @param {number} timeout ms
 */
export function sharedCalls(connections, requests, timeout) {
  if (requests < connections) {
    throw new Error(`REQUESTS=${requests}: fewer than CONNECTIONS=${connections}`);
  }
  return {
    executor: 'shared-iterations',
    vus: connections,
    iterations: requests,
    maxDuration: `${Math.ceil(requests / connections) * timeout + 5000}ms`,
    gracefulStop: '0s',
  };
}

/** What the ids of one run begin with: no other run's answer can pass for one of this. */
export function newRun() {
  return `${Date.now().toString(36)}${Math.floor(Math.random() * 1e9).toString(36)}`;
}
