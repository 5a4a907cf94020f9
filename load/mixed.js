/**
 * One client calls a fast route again and again: first alone, then beside CONNECTIONS slow calls
 * that came at once. Fails where the fast calls become slow, as a ratio of both, or an answer is
 * wrong.
 *
 *   k6 run -e URL='http://127.0.0.1:8080/work?job={id}&length={length}' \
 *     -e FAST_URL=http://127.0.0.1:8080/fast -e JOB=5s load/mixed.js
 *
 * All variables: docs/load.md.
 */

import { sleep } from 'k6';
import exec from 'k6/execution';
import http from 'k6/http';
import { Counter, Trend } from 'k6/metrics';
import { readCalls } from './client/calls.js';
import { percentile } from './client/percentile.js';
import { report, rowsOf, workOf } from './client/report.js';
import { honest, newRun, sharedCalls } from './client/run.js';
import { tallied, tally } from './client/tally.js';
import { asOptions, readThresholds } from './client/thresholds.js';
import { count, duration, text } from './client/variables.js';

const calls = readCalls(__ENV);
const fastUrl = text(__ENV, 'FAST_URL', 'http://127.0.0.1:8080/fast');
const alone = duration(__ENV, 'ALONE', '5s');
if (alone === 0) {
  throw new Error(`ALONE=${__ENV.ALONE}: nothing to compare with`);
}
const mostTimes = count(__ENV, 'FAST_TIMES', '10');
const connections = count(__ENV, 'CONNECTIONS', '200');

const fastWrong = new Counter('fast_wrong');
const figures = ['alone_p50', 'alone_p95', 'beside_p50', 'beside_p95', 'times'];
const fast = Object.fromEntries(figures.map((name) => [name, new Trend(`fast_${name}`)]));
const thresholds = [
  ...readThresholds(__ENV, connections),
  { name: `FAST_TIMES=${mostTimes}`, metric: 'fast_times', rule: `max<=${mostTimes}` },
  { name: 'fast calls beside slow ones', metric: 'fast_times', rule: 'min>0' },
  { name: 'no wrong fast answer', metric: 'fast_wrong', rule: 'count==0' },
];

const slowCalls = sharedCalls(connections, connections, calls.timeout);

export const options = {
  ...honest,
  scenarios: {
    slow: { ...slowCalls, exec: 'slow', startTime: `${alone}ms` },
    fast: {
      executor: 'per-vu-iterations',
      vus: 1,
      iterations: 1,
      exec: 'fastClient',
      maxDuration: `${alone + calls.job + calls.timeout + 5000}ms`,
    },
  },
  thresholds: asOptions(thresholds),
};

export const setup = newRun;

export function slow(run) {
  tally(() => calls.make(run, exec.scenario.iterationInTest));
}

/** @returns {number[]} ms of each right answer until that moment */
function callUntil(end) {
  const times = [];
  while (Date.now() < end) {
    try {
      const { status, timings } = http.get(fastUrl, { timeout: calls.timeout, redirects: 0 });
      if (status === 200) {
        times.push(timings.blocked + timings.duration);
      } else {
        fastWrong.add(1);
      }
    } catch (error) {
      console.error(`wrong fast answer: ${error}`);
      fastWrong.add(1);
    }
    sleep(0.02);
  }
  return times;
}

export function fastClient() {
  const started = exec.scenario.startTime;
  const times = {
    alone: callUntil(started + alone),
    beside: callUntil(started + alone + calls.job),
  };
  if (times.alone.length === 0 || times.beside.length === 0) {
    return;
  }
  for (const [when, all] of Object.entries(times)) {
    fast[`${when}_p50`].add(percentile(all, 0.5));
    fast[`${when}_p95`].add(percentile(all, 0.95));
  }
  fast.times.add(percentile(times.beside, 0.95) / percentile(times.alone, 0.95));
}

export function handleSummary({ metrics }) {
  const counted = tallied(metrics, connections);
  const found = Object.fromEntries(
    figures.map((name) => [name, metrics[`fast_${name}`]?.values.max ?? null]),
  );
  const ms = (name) => (found[name] === null ? 'none' : `${found[name].toFixed(1)} ms`);
  return report(
    {
      title: `${connections} calls of ${workOf(calls)} of work at once: ${calls.url}`,
      rows: [
        ...rowsOf(counted),
        ['fast, alone', `p50 ${ms('alone_p50')}, p95 ${ms('alone_p95')}`],
        ['fast, beside', `p50 ${ms('beside_p50')}, p95 ${ms('beside_p95')}`],
        ['', found.times === null ? 'none' : `${found.times.toFixed(1)} times as slow, by p95`],
      ],
      figures: { url: calls.url, fastUrl, connections, jobMs: calls.job, ...counted, fast: found },
    },
    thresholds,
    metrics,
    __ENV.SUMMARY,
  );
}
