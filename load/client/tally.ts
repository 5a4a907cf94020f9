/** Counts answers: right ones, wrong ones by kind, and the added latency of the right ones. */

import { Counter, Gauge, Trend } from 'k6/metrics';
import { KINDS, type Result } from './calls.ts';

const right = new Counter('right');
const wrong = Object.fromEntries(KINDS.map((kind) => [kind, new Counter(`wrong_${kind}`)]));
const added = new Trend('added', true);
/** Its minimum and maximum are the start of the first call and the end of the last one. */
const clock = new Gauge('clock');

let hasLogged = false;

/** Makes a call and counts its answer. */
export function tally(call: () => Result): void {
  clock.add(Date.now());
  const result = call();
  clock.add(Date.now());
  if (result.wrong === undefined) {
    right.add(1);
    added.add(result.added);
    return;
  }
  wrong[result.wrong]?.add(1);
  logOnce(`wrong ${result.wrong}`, result.received);
}

/** Logs at most one line for each client. */
export function logOnce(what: string, received: string): void {
  if (!hasLogged) {
    hasLogged = true;
    console.error(`${what}: ${received.slice(0, 200)}`);
  }
}
