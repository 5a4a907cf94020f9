/** Counts responses: correct, wrong by kind, and the added latency of the correct ones. */

import { Counter, Gauge, Trend } from 'k6/metrics';
import { KINDS } from './calls.js';

const right = new Counter('right');
const wrong = Object.fromEntries(KINDS.map((kind) => [kind, new Counter(`wrong_${kind}`)]));
const added = new Trend('added', true);
/** Its minimum and maximum are the start of the first call and the end of the last one. */
const clock = new Gauge('clock');

export const trendStats = ['med', 'p(95)', 'p(99)', 'max'];

let hasLogged = false;

/** Makes a call and counts its response. */
export function tally(call) {
  clock.add(Date.now());
  const result = call();
  clock.add(Date.now());
  if (result.wrong === undefined) {
    right.add(1);
    added.add(result.added);
    return;
  }
  wrong[result.wrong].add(1);
  logOnce(`wrong ${result.wrong}`, result.received);
}

/** Logs at most one line for each client. */
export function logOnce(what, received) {
  if (!hasLogged) {
    hasLogged = true;
    console.error(`${what}: ${received.slice(0, 200)}`);
  }
}

/**
 * @param {any} metrics as k6 gives them to handleSummary
 * @param {number} requests planned
 */
export function tallied(metrics, requests) {
  const countOf = (name) => metrics[name]?.values.count ?? 0;
  const wrong = Object.fromEntries(KINDS.map((kind) => [kind, countOf(`wrong_${kind}`)]));
  const made = Object.values(wrong).reduce((sum, number) => sum + number, countOf('right'));
  const { min = 0, max = 0 } = metrics.clock?.values ?? {};
  const latency = countOf('right') > 0 ? metrics.added.values : {};
  return {
    requests,
    right: countOf('right'),
    wrong,
    unfinished: requests - made,
    wallSeconds: (max - min) / 1000,
    addedMs: {
      p50: latency.med ?? null,
      p95: latency['p(95)'] ?? null,
      p99: latency['p(99)'] ?? null,
      max: latency.max ?? null,
    },
  };
}
