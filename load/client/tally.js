/** Counts answers: right, wrong by kind, and the latency that was added to the right ones. */

import { Counter, Gauge, Trend } from 'k6/metrics';
import { KINDS } from './calls.js';

const right = new Counter('right');
const wrong = Object.fromEntries(KINDS.map((kind) => [kind, new Counter(`wrong_${kind}`)]));
const added = new Trend('added', true);
/** Its least and its greatest value are when the first call began and the last one ended. */
const clock = new Gauge('clock');

export const trendStats = ['med', 'p(95)', 'p(99)', 'max'];

let hasComplained = false;

/** Makes a call, and counts what comes of it. */
export function tally(call) {
  clock.add(Date.now());
  const answer = call();
  clock.add(Date.now());
  if (answer.wrong === undefined) {
    right.add(1);
    added.add(answer.added);
    return;
  }
  wrong[answer.wrong].add(1);
  complain(`wrong ${answer.wrong}`, answer.said);
}

/** One line of each client at most. */
export function complain(what, said) {
  if (!hasComplained) {
    hasComplained = true;
    console.error(`${what}: ${said.slice(0, 200)}`);
  }
}

/**
 * @param {any} metrics as k6 gives them to handleSummary
 * @param {number} requests that were to be made
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
