/**
 * Clients make slow calls, one after another, each on a new connection. Fails if an answer is wrong, missing, late
 * or another call's.
 *
 *   k6 run -e URL='http://127.0.0.1:8080/work?job={id}&length={length}' -e JOB=2s load/published.ts
 *
 *   CONNECTIONS=200   clients at the same time
 *   REQUESTS=2000     calls of all clients together
 *   RATE              new clients a second; unset: all at once
 *
 * README.md has the variables of the call, its answer and the thresholds.
 */

import { sleep } from 'k6';
import exec from 'k6/execution';
import { readCalls } from './client/calls.ts';
import { newRun, optionsOf, sharedCalls } from './client/options.ts';
import { type Metrics, report } from './client/report.ts';
import { rowsOf, tallied } from './client/tallied.ts';
import { tally } from './client/tally.ts';
import { readThresholds } from './client/thresholds.ts';
import { count } from './client/variables.ts';

const calls = readCalls(__ENV);
const { url, job, spread, timeout } = calls;
const connections = count(__ENV, 'CONNECTIONS', '200');
const requests = count(__ENV, 'REQUESTS', '2000');
const rate = __ENV.RATE === undefined ? Number.POSITIVE_INFINITY : count(__ENV, 'RATE', '100');
const thresholds = readThresholds(__ENV, requests);

const clients = sharedCalls(connections, requests, timeout, connections / rate);
export const options = optionsOf({ clients }, thresholds);

export const setup = newRun;

export default function (run: string) {
  const number = exec.scenario.iterationInTest;
  if (number < connections) {
    sleep(number / rate);
  }
  tally(() => calls.make(run, number));
}

export function handleSummary({ metrics }: { metrics: Metrics }) {
  const counted = tallied(metrics, requests);
  return report(
    `${connections} connections, ${requests} requests of ${calls.work} of work: ${url}`,
    rowsOf(counted),
    { url, connections, jobMs: job, spreadMs: spread, timeoutMs: timeout, ...counted },
    thresholds,
    metrics,
  );
}
