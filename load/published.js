/**
 * CONNECTIONS clients make REQUESTS slow calls, each the next one once it has its answer. Fails
 * where an answer is wrong, late or another client's.
 *
 *   k6 run -e URL='http://127.0.0.1:8080/work?job={id}&length={length}' -e JOB=2s load/published.js
 *
 * All variables: docs/load.md.
 */

import exec from 'k6/execution';
import { Counter, Gauge, Trend } from 'k6/metrics';
import { KINDS, readCalls } from './client/calls.js';
import { report } from './client/report.js';
import { readAllowed } from './client/thresholds.js';
import { count } from './client/variables.js';

const calls = readCalls(__ENV);
const connections = count(__ENV, 'CONNECTIONS', '200');
const requests = count(__ENV, 'REQUESTS', '2000');
if (requests < connections) {
  throw new Error(`REQUESTS=${requests}: fewer than CONNECTIONS=${connections}`);
}

const right = new Counter('right');
const wrong = Object.fromEntries(KINDS.map((kind) => [kind, new Counter(`wrong_${kind}`)]));
const added = new Trend('added', true);
/** Its least and its greatest value are when the first call began and the last one ended. */
const clock = new Gauge('clock');

export const options = {
  scenarios: {
    clients: {
      executor: 'shared-iterations',
      vus: connections,
      iterations: requests,
      maxDuration: `${Math.ceil(requests / connections) * calls.timeout + 5000}ms`,
      gracefulStop: '0s',
    },
  },
  thresholds: readAllowed(__ENV, requests),
  summaryTrendStats: ['med', 'p(95)', 'p(99)', 'max'],
  // a kept connection that breaks is one on which Go's client asks again, and nobody would know
  noConnectionReuse: true,
  // a failed call is an exception and not a line of the log for each
  throw: true,
};

export function setup() {
  return { run: `${Date.now().toString(36)}${Math.floor(Math.random() * 1e9).toString(36)}` };
}

let hasComplained = false;

export default function ({ run }) {
  clock.add(Date.now());
  const answer = calls.make(run, exec.scenario.iterationInTest);
  clock.add(Date.now());
  if (answer.wrong === undefined) {
    right.add(1);
    added.add(answer.added);
    return;
  }
  wrong[answer.wrong].add(1);
  if (!hasComplained) {
    hasComplained = true;
    console.error(`wrong ${answer.wrong}: ${answer.said.slice(0, 200)}`);
  }
}

export function handleSummary(data) {
  return report(data, { connections, requests, ...calls }, __ENV.SUMMARY);
}
