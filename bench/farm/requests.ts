/**
 * Requests to several systems: `runs` of LOAD, each a rate for some seconds. They come at random, as of independent
 * clients (a Poisson process), and the same to each system: k6 sends at even intervals, and each request is delayed by
 * up to `jitter` seconds.
 */

import { sleep } from 'k6';
import { md5 } from 'k6/crypto';
import exec from 'k6/execution';
import http from 'k6/http';
import { Counter, Trend } from 'k6/metrics';
import { constantRate, load, openOptions, openSummary } from '../runner/open.ts';

/** seconds: of the load; start: when it begins. */
type Run = { system: string; rate: number; seconds: number; start: number; jitter: number };

const runs: Run[] = load.runs;
const took = new Trend('took', true);
const failed = new Counter('failed');

const scenarios = runs.map((run, at) => [
  `${run.system}-${at}`,
  constantRate(run.rate, run.seconds + run.jitter, {
    startTime: `${Math.round(run.start * 1000)}ms`,
    tags: { system: run.system },
    env: { RUN: JSON.stringify(run) },
  }),
]);
const parts = runs.flatMap(({ system }) =>
  ['', ',work:fast', ',work:slow'].map((part) => `took{system:${system}${part}}`),
);
export const options = {
  ...openOptions(Object.fromEntries(scenarios), parts),
  noConnectionReuse: true,
};

export default function () {
  const { system, kind, fast, slow, slowPercent, jitter, seconds } = JSON.parse(__ENV.RUN ?? '');
  // the same for each system; numbers of a generator that is seeded by consecutive ones are not random
  const digits = md5(`${exec.scenario.iterationInTest}`, 'hex');
  const share = (at: number) => Number.parseInt(digits.slice(at, at + 8), 16) / 2 ** 32;
  sleep(share(0) * jitter);
  const at = (Date.now() - exec.scenario.startTime) / 1000;
  const work = share(8) * 100 < slowPercent ? 'slow' : 'fast';
  const ms = work === 'slow' ? slow : fast;
  const { status, timings } = http.get(`${load.url}/${system}/${kind}?ms=${ms}`);
  failed.add(status === 200 ? 0 : 1);
  // before and after, requests come at a lower rate
  if (at >= jitter && at < jitter + seconds) {
    took.add(timings.blocked + timings.duration, { work });
  }
}

export const handleSummary = openSummary;
