/** Clients that leave before their answer, counted. */

import { Counter } from 'k6/metrics';
import type { Result } from './calls.ts';
import type { Metrics } from './report.ts';
import { logOnce } from './tally.ts';

const left = new Counter('left');

/** Makes a call whose limit is earlier than its answer. */
export function leave(call: () => Result): void {
  const { wrong, received } = call();
  if (wrong === 'timeout') {
    left.add(1);
  } else {
    logOnce('response before the client left', received);
  }
}

export const leftThreshold = (leaving: number) => ({
  ...{ name: 'left before the response', metric: 'left', rule: `count>=${leaving}` },
});

export const leftOf = (metrics: Metrics) => metrics.left?.values.count ?? 0;
