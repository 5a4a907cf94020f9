/** Fast requests at a constant rate, and users who request a slow report and retry it. */

import { sleep } from 'k6';
import exec from 'k6/execution';
import http from 'k6/http';
import { Counter, Trend } from 'k6/metrics';
import { constantRate, load, openOptions, openSummary } from '../runner/open.ts';

const { url, SECONDS, USERS, REPORT, RATE, fastMs, userInterval, attempts } = load;
const RETRY_DELAY = 0.5;
const fast = { asked: new Counter('fast_asked'), took: new Trend('took', true) };
const reports = { asked: new Counter('reports_asked'), right: new Counter('reports_right') };

export const options = {
  ...openOptions({
    // a request without a response at the end counts as failed
    fast: constantRate(RATE, SECONDS, { exec: 'requestFast', gracefulStop: '0s' }),
    users: {
      executor: 'per-vu-iterations',
      vus: USERS,
      exec: 'requestReport',
      maxDuration: `${SECONDS}s`,
      gracefulStop: '0s',
    },
  }),
  noConnectionReuse: true,
};

export function requestFast() {
  fast.asked.add(1);
  const { status, timings } = http.get(`${url}/fast/${fastMs}`);
  if (status === 200) {
    fast.took.add(timings.blocked + timings.duration);
  }
}

export function requestReport() {
  sleep(exec.scenario.iterationInTest * userInterval);
  for (let attempt = 0; attempt < attempts; attempt++) {
    reports.asked.add(1);
    if (http.get(`${url}/work?job=report&length=${REPORT * 1000}`).status === 200) {
      reports.right.add(1);
      return;
    }
    sleep(RETRY_DELAY);
  }
}

export const handleSummary = openSummary;
