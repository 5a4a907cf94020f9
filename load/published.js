/**
 * CONNECTIONS clients make REQUESTS slow calls, one after another on each connection. Fails if a
 * response is wrong, late or of another call.
 *
 *   k6 run -e URL='http://127.0.0.1:8080/work?job={id}&length={length}' -e JOB=2s load/published.js
 *
 * All variables: docs/load.md.
 */

import { sleep } from 'k6';
import exec from 'k6/execution';
import { readCalls } from './client/calls.js';
import { commonOptions, newRun, sharedCalls } from './client/options.js';
import { report, rowsOf, workOf } from './client/report.js';
import { tallied, tally } from './client/tally.js';
import { asOptions, readThresholds } from './client/thresholds.js';
import { count } from './client/variables.js';

const calls = readCalls(__ENV);
const connections = count(__ENV, 'CONNECTIONS', '200');
const requests = count(__ENV, 'REQUESTS', '2000');
const rate = __ENV.RATE === undefined ? Number.POSITIVE_INFINITY : count(__ENV, 'RATE', '100');
const thresholds = readThresholds(__ENV, requests);

export const options = {
  ...commonOptions,
  scenarios: { clients: sharedCalls(connections, requests, calls.timeout, connections / rate) },
  thresholds: asOptions(thresholds),
};

export const setup = newRun;

export default function (run) {
  const number = exec.scenario.iterationInTest;
  if (number < connections) {
    sleep(number / rate);
  }
  tally(() => calls.make(run, number));
}

export function handleSummary({ metrics }) {
  const { url, job, spread, timeout } = calls;
  const counted = tallied(metrics, requests);
  return report(
    {
      title: `${connections} connections, ${requests} requests of ${workOf(calls)} of work: ${url}`,
      rows: rowsOf(counted),
      figures: { url, connections, jobMs: job, spreadMs: spread, timeoutMs: timeout, ...counted },
    },
    thresholds,
    metrics,
    __ENV.SUMMARY,
  );
}
