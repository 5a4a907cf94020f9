/**
 * Some clients leave while the work is being done, the others stay. Fails if one that stays gets no answer, or
 * another call's.
 *
 *   k6 run -e URL='http://127.0.0.1:8080/work?job={id}&length={length}' -e JOB=2s load/leaving.ts
 *
 *   CONNECTIONS=200   clients at the same time
 *   REQUESTS=2000     calls of all clients together
 *   LEAVING=50%       of the calls: their clients leave, after 10 % to 90 % of the work
 *
 * README.md has the variables of the call, its answer and the thresholds.
 */

import exec from 'k6/execution';
import { readCalls } from './client/calls.ts';
import { readDisconnects } from './client/disconnects.ts';
import { leave, leftOf, leftThreshold } from './client/left.ts';
import { newRun, optionsOf, sharedCalls } from './client/options.ts';
import { type Metrics, report } from './client/report.ts';
import { rowsOf, tallied } from './client/tallied.ts';
import { tally } from './client/tally.ts';
import { readThresholds } from './client/thresholds.ts';
import { count } from './client/variables.ts';

const calls = readCalls(__ENV);
const { url, timeout } = calls;
const connections = count(__ENV, 'CONNECTIONS', '200');
const requests = count(__ENV, 'REQUESTS', '2000');
const { count: leaving, disconnectsAt } = readDisconnects(__ENV, requests);
const staying = requests - leaving;
const thresholds = [...readThresholds(__ENV, staying), leftThreshold(leaving)];

const clients = sharedCalls(connections, requests, timeout);
export const options = optionsOf({ clients }, thresholds);

export const setup = newRun;

export default function (run: string) {
  const number = exec.scenario.iterationInTest;
  const share = disconnectsAt(number);
  if (share === undefined) {
    tally(() => calls.make(run, number));
  } else {
    leave(() => calls.make(run, number, share * calls.lengthOf(number)));
  }
}

export function handleSummary({ metrics }: { metrics: Metrics }) {
  const counted = tallied(metrics, staying);
  const left = leftOf(metrics);
  return report(
    `${connections} connections, ${requests} requests of ${calls.work} of work: ${url}`,
    [['left', `${left} of ${leaving}`], ...rowsOf(counted)],
    { url, connections, jobMs: calls.job, ...counted, leaving, left },
    thresholds,
    metrics,
  );
}
