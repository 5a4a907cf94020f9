/** One client that calls a fast route repeatedly, in two phases whose latencies are compared. */

import { sleep } from 'k6';
import http from 'k6/http';
import { Counter, Trend } from 'k6/metrics';
import { percentile } from './percentile.js';

const PAUSE_SECONDS = 0.02;

const wrong = new Counter('fast_wrong');
const names = ['alone_p50', 'alone_p95', 'beside_p50', 'beside_p95', 'times'];
const trends = Object.fromEntries(names.map((name) => [name, new Trend(`fast_${name}`)]));

/** @param {number} maxTimes the largest allowed ratio of p95 during the slow calls to p95 alone */
export const fastThresholds = (maxTimes) => [
  { name: `FAST_TIMES=${maxTimes}`, metric: 'fast_times', rule: `max<=${maxTimes}` },
  { name: 'fast calls beside slow ones', metric: 'fast_times', rule: 'min>0' },
  { name: 'no wrong fast answer', metric: 'fast_wrong', rule: 'count==0' },
];

/**
 * @param {string} url
 * @param {object} params of k6/http
 * @param {number} slowFrom start of the slow calls, ms since the epoch
 * @param {number} slowUntil
 */
export function compareFast(url, params, slowFrom, slowUntil) {
  const times = {
    alone: callUntil(slowFrom, url, params),
    beside: callUntil(slowUntil, url, params),
  };
  if (times.alone.length === 0 || times.beside.length === 0) {
    return;
  }
  for (const [when, all] of Object.entries(times)) {
    trends[`${when}_p50`].add(percentile(all, 0.5));
    trends[`${when}_p95`].add(percentile(all, 0.95));
  }
  trends.times.add(percentile(times.beside, 0.95) / percentile(times.alone, 0.95));
}

/** @returns {number[]} ms of each correct response */
function callUntil(end, url, params) {
  const times = [];
  while (Date.now() < end) {
    try {
      const { status, timings } = http.get(url, params);
      if (status === 200) {
        times.push(timings.blocked + timings.duration);
      } else {
        wrong.add(1);
      }
    } catch (error) {
      console.error(`fast call failed: ${error}`);
      wrong.add(1);
    }
    sleep(PAUSE_SECONDS);
  }
  return times;
}

/** @param {any} metrics as k6 gives them to handleSummary */
export function comparedFast(metrics) {
  return Object.fromEntries(
    names.map((name) => [name, metrics[`fast_${name}`]?.values.max ?? null]),
  );
}

/**
 * The rows of the report for the figures of comparedFast().
 * @returns {[string, string][]}
 */
export function fastRowsOf(figures) {
  const ms = (name) => (figures[name] === null ? 'none' : `${figures[name].toFixed(1)} ms`);
  return [
    ['fast, alone', `p50 ${ms('alone_p50')}, p95 ${ms('alone_p95')}`],
    ['fast, beside', `p50 ${ms('beside_p50')}, p95 ${ms('beside_p95')}`],
    ['', figures.times === null ? 'none' : `${figures.times.toFixed(1)} times the p95 alone`],
  ];
}
