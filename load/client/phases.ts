/** A client that calls a fast route repeatedly, alone and then beside slow calls. */

import { sleep } from 'k6';
import http, { type Params } from 'k6/http';
import { Counter, Trend } from 'k6/metrics';
import { percentile } from './percentile.ts';

const PAUSE_SECONDS = 0.02;

const wrong = new Counter('fast_wrong');
const trends = {
  alone: { p50: new Trend('fast_alone_p50'), p95: new Trend('fast_alone_p95') },
  beside: { p50: new Trend('fast_beside_p50'), p95: new Trend('fast_beside_p95') },
};
const times = new Trend('fast_times');

/** Both times are in ms since the epoch. */
export function comparePhases(url: string, params: Params, slowFrom: number, slowUntil: number) {
  const alone = callUntil(slowFrom, url, params);
  const beside = callUntil(slowUntil, url, params);
  if (alone.length === 0 || beside.length === 0) {
    return;
  }
  for (const [phase, all] of Object.entries({ alone, beside })) {
    const trend = trends[phase as keyof typeof trends];
    trend.p50.add(percentile(all, 0.5));
    trend.p95.add(percentile(all, 0.95));
  }
  times.add(percentile(beside, 0.95) / percentile(alone, 0.95));
}

/** @returns ms of each right answer */
function callUntil(end: number, url: string, params: Params): number[] {
  const all: number[] = [];
  while (Date.now() < end) {
    try {
      const { status, timings } = http.get(url, params);
      if (status === 200) {
        all.push(timings.blocked + timings.duration);
      } else {
        wrong.add(1);
      }
    } catch (error) {
      console.error(`fast call failed: ${error}`);
      wrong.add(1);
    }
    sleep(PAUSE_SECONDS);
  }
  return all;
}
