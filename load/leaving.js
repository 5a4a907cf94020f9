/**
 * CONNECTIONS clients, some of which disconnect while the work is being done. Fails if another client
 * gets no response, or the response of another call.
 *
 *   k6 run -e URL='http://127.0.0.1:8080/work?job={id}&length={length}' -e JOB=2s load/leaving.js
 *
 * All variables: docs/load.md.
 */

import exec from 'k6/execution';
import { Counter } from 'k6/metrics';
import { readCalls } from './client/calls.js';
import { planDisconnects } from './client/disconnects.js';
import { commonOptions, newRun, sharedCalls } from './client/options.js';
import { report, rowsOf, workOf } from './client/report.js';
import { logOnce, tallied, tally } from './client/tally.js';
import { asOptions, readThresholds } from './client/thresholds.js';
import { count, percent } from './client/variables.js';

const calls = readCalls(__ENV);
const connections = count(__ENV, 'CONNECTIONS', '200');
const requests = count(__ENV, 'REQUESTS', '2000');
const disconnects = planDisconnects(requests, percent(__ENV, 'LEAVING', '50%'));
const staying = requests - disconnects.count;
if (disconnects.count === 0 || staying === 0) {
  throw new Error(
    `LEAVING=${__ENV.LEAVING}: of ${requests} requests, none or all would be disconnected`,
  );
}
const left = new Counter('left');
const thresholds = [
  ...readThresholds(__ENV, staying),
  { name: 'left before the response', metric: 'left', rule: `count>=${disconnects.count}` },
];

export const options = {
  ...commonOptions,
  scenarios: { clients: sharedCalls(connections, requests, calls.timeout) },
  thresholds: asOptions(thresholds),
};

export const setup = newRun;

export default function (run) {
  const number = exec.scenario.iterationInTest;
  const share = disconnects.disconnectsAt(number);
  if (share === undefined) {
    tally(() => calls.make(run, number));
    return;
  }
  const { wrong, received } = calls.make(run, number, share * calls.lengthOf(number));
  if (wrong === 'timeout') {
    left.add(1);
  } else {
    logOnce('response before the client left', received);
  }
}

export function handleSummary({ metrics }) {
  const counted = tallied(metrics, staying);
  const leaving = { leaving: disconnects.count, left: metrics.left?.values.count ?? 0 };
  return report(
    {
      title: `${connections} connections, ${requests} requests of ${workOf(calls)} of work: ${calls.url}`,
      rows: [['left', `${leaving.left} of ${leaving.leaving}`], ...rowsOf(counted)],
      figures: { url: calls.url, connections, jobMs: calls.job, ...counted, ...leaving },
    },
    thresholds,
    metrics,
    __ENV.SUMMARY,
  );
}
