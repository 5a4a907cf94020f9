/**
 * Of CONNECTIONS clients some leave part way through the work, while others stay. Fails where one
 * that stays is not answered, or with what belongs to another.
 *
 *   k6 run -e URL='http://127.0.0.1:8080/work?job={id}&length={length}' -e JOB=2s load/leaving.js
 *
 * All variables: docs/load.md.
 */

import exec from 'k6/execution';
import { Counter } from 'k6/metrics';
import { readCalls } from './client/calls.js';
import { whoLeaves } from './client/leavers.js';
import { report, rowsOf, workOf } from './client/report.js';
import { honest, newRun, sharedCalls } from './client/run.js';
import { complain, tallied, tally } from './client/tally.js';
import { asOptions, readThresholds } from './client/thresholds.js';
import { count, percent } from './client/variables.js';

const calls = readCalls(__ENV);
const connections = count(__ENV, 'CONNECTIONS', '200');
const requests = count(__ENV, 'REQUESTS', '2000');
const leavers = whoLeaves(requests, percent(__ENV, 'LEAVING', '50%'));
const staying = requests - leavers.count;
if (leavers.count === 0 || staying === 0) {
  throw new Error(
    `LEAVING=${__ENV.LEAVING}: of ${requests} requests nobody leaves, or nobody stays`,
  );
}
const left = new Counter('left');
const thresholds = [
  ...readThresholds(__ENV, staying),
  { name: 'all left that were to', metric: 'left', rule: `count>=${leavers.count}` },
];

export const options = {
  ...honest,
  scenarios: { clients: sharedCalls(connections, requests, calls.timeout) },
  thresholds: asOptions(thresholds),
};

export const setup = newRun;

export default function (run) {
  const number = exec.scenario.iterationInTest;
  const share = leavers.leavesAt(number);
  if (share === undefined) {
    tally(() => calls.make(run, number));
    return;
  }
  const { wrong, said } = calls.make(run, number, share * calls.lengthOf(number));
  if (wrong === 'timeout') {
    left.add(1);
  } else {
    complain('answered before it left', said);
  }
}

export function handleSummary({ metrics }) {
  const counted = tallied(metrics, staying);
  const leaving = { leaving: leavers.count, left: metrics.left?.values.count ?? 0 };
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
