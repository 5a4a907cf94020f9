/**
 * A client calls a fast route, alone and then beside slow calls. Fails if the fast calls become slower by more than
 * a ratio, or if an answer is wrong.
 *
 *   k6 run -e URL='http://127.0.0.1:8080/work?job={id}&length={length}' \
 *     -e FAST_URL=http://127.0.0.1:8080/fast -e JOB=5s load/mixed.ts
 *
 *   CONNECTIONS=200                        slow calls, all at once
 *   FAST_URL=http://127.0.0.1:8080/fast    called with GET and HEADERS; answers with a 200
 *   ALONE=5s                               from the first fast call to the slow ones
 *   FAST_TIMES=10                          highest p95 beside slow calls, in times of the p95 alone
 *
 * README.md has the variables of the call, its answer and the thresholds.
 */

import exec from 'k6/execution';
import { readCalls } from './client/calls.ts';
import { comparedFast, fastRowsOf } from './client/compared.ts';
import { readFast } from './client/fast.ts';
import { newRun, optionsOf, sharedCalls } from './client/options.ts';
import { type Metrics, report } from './client/report.ts';
import { rowsOf, tallied } from './client/tallied.ts';
import { tally } from './client/tally.ts';
import { readThresholds } from './client/thresholds.ts';
import { count } from './client/variables.ts';

const calls = readCalls(__ENV);
const { url, job, timeout } = calls;
const fast = readFast(__ENV, calls);
const connections = count(__ENV, 'CONNECTIONS', '200');
const thresholds = [...readThresholds(__ENV, connections), ...fast.thresholds];

const shared = sharedCalls(connections, connections, timeout);
const slow = { ...shared, exec: 'slowClient', startTime: `${fast.alone}ms` };
export const options = optionsOf({ slow, fast: fast.scenario }, thresholds);

export const setup = newRun;

export function slowClient(run: string) {
  tally(() => calls.make(run, exec.scenario.iterationInTest));
}

export function fastClient() {
  fast.compare(exec.scenario.startTime);
}

export function handleSummary({ metrics }: { metrics: Metrics }) {
  const counted = tallied(metrics, connections);
  const compared = comparedFast(metrics);
  return report(
    `${connections} calls of ${calls.work} of work at once: ${url}`,
    [...rowsOf(counted), ...fastRowsOf(compared)],
    { url, fastUrl: fast.url, connections, jobMs: job, ...counted, fast: compared },
    thresholds,
    metrics,
  );
}
