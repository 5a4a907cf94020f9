/** The fast route beside the slow calls: FAST_URL, ALONE and FAST_TIMES. */

import { comparePhases } from './phases.ts';
import type { readRequest } from './request.ts';
import { count, duration, type Env, text } from './variables.ts';

/** Times in ms. */
export function readFast(env: Env, slow: ReturnType<typeof readRequest>) {
  const url = text(env, 'FAST_URL', 'http://127.0.0.1:8080/fast');
  const alone = duration(env, 'ALONE', '5s');
  const most = count(env, 'FAST_TIMES', '10');
  if (alone === 0) {
    throw new Error(`ALONE=${env.ALONE}: nothing to compare with`);
  }
  return {
    ...{ url, alone },
    thresholds: [
      { name: `FAST_TIMES=${most}`, metric: 'fast_times', rule: `max<=${most}` },
      { name: 'fast calls beside slow ones', metric: 'fast_times', rule: 'min>0' },
      { name: 'no wrong fast answer', metric: 'fast_wrong', rule: 'count==0' },
    ],
    scenario: {
      executor: 'per-vu-iterations',
      ...{ vus: 1, iterations: 1, exec: 'fastClient' },
      maxDuration: `${alone + slow.job + slow.timeout + 5000}ms`,
      gracefulStop: '0s',
    } as const,
    /** @param start ms since the epoch */
    compare(start: number): void {
      const headers = slow.headersOf('fast', slow.job);
      const params = { headers, timeout: slow.timeout, redirects: 0 };
      const slowFrom = start + alone;
      comparePhases(url, params, slowFrom, slowFrom + slow.job);
    },
  };
}
