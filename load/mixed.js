/**
 * One client calls a fast route repeatedly: first alone, then during CONNECTIONS simultaneous slow
 * calls. Fails if the ratio of both latencies is too large, or if a response is wrong.
 *
 *   k6 run -e URL='http://127.0.0.1:8080/work?job={id}&length={length}' \
 *     -e FAST_URL=http://127.0.0.1:8080/fast -e JOB=5s load/mixed.js
 *
 * All variables: docs/load.md.
 */

import exec from 'k6/execution';
import { readCalls } from './client/calls.js';
import { comparedFast, compareFast, fastRowsOf, fastThresholds } from './client/fast.js';
import { commonOptions, newRun, sharedCalls } from './client/options.js';
import { report, rowsOf, workOf } from './client/report.js';
import { tallied, tally } from './client/tally.js';
import { asOptions, readThresholds } from './client/thresholds.js';
import { count, duration, text } from './client/variables.js';

const calls = readCalls(__ENV);
const { url, job, timeout } = calls;
const fastUrl = text(__ENV, 'FAST_URL', 'http://127.0.0.1:8080/fast');
const alone = duration(__ENV, 'ALONE', '5s');
if (alone === 0) {
  throw new Error(`ALONE=${__ENV.ALONE}: nothing to compare with`);
}
const connections = count(__ENV, 'CONNECTIONS', '200');
const thresholds = [
  ...readThresholds(__ENV, connections),
  ...fastThresholds(count(__ENV, 'FAST_TIMES', '10')),
];

export const options = {
  ...commonOptions,
  scenarios: {
    slow: {
      ...sharedCalls(connections, connections, timeout),
      exec: 'slowClient',
      startTime: `${alone}ms`,
    },
    fast: {
      executor: 'per-vu-iterations',
      vus: 1,
      iterations: 1,
      exec: 'fastClient',
      maxDuration: `${alone + job + timeout + 5000}ms`,
      gracefulStop: '0s',
    },
  },
  thresholds: asOptions(thresholds),
};

export const setup = newRun;

export function slowClient(run) {
  tally(() => calls.make(run, exec.scenario.iterationInTest));
}

export function fastClient() {
  const params = { headers: calls.headersOf('fast'), timeout, redirects: 0 };
  const slowFrom = exec.scenario.startTime + alone;
  compareFast(fastUrl, params, slowFrom, slowFrom + job);
}

export function handleSummary({ metrics }) {
  const counted = tallied(metrics, connections);
  const fast = comparedFast(metrics);
  return report(
    {
      title: `${connections} calls of ${workOf(calls)} of work at once: ${url}`,
      rows: [...rowsOf(counted), ...fastRowsOf(fast)],
      figures: { url, fastUrl, connections, jobMs: job, ...counted, fast },
    },
    thresholds,
    metrics,
    __ENV.SUMMARY,
  );
}
