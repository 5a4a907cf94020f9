/**
 * Requests to several systems, at the same time or one after the other: `runs` of LOAD, each a rate for
 * some seconds. They come at random, as of independent clients (a Poisson process), and the same to each
 * system: k6 sends at even intervals, and each request is delayed by up to `jitter` seconds.
 */

import { sleep } from 'k6';
import { md5 } from 'k6/crypto';
import exec from 'k6/execution';
import http from 'k6/http';
import { Counter, Trend } from 'k6/metrics';
import { constantRate, openOptions, openSummary } from '../runner/open.js';

const { url, kind, fast, slow, slowPercent, jitter, runs } = JSON.parse(__ENV.LOAD);
const took = new Trend('took', true);
/** For the standard deviation, which k6 does not have. */
const squares = new Trend('squares');
const failed = new Counter('failed');

export const options = {
  ...openOptions(
    Object.fromEntries(
      runs.map(({ system, round, rate, seconds, start }) => [
        `${system}-${round}`,
        constantRate(rate, seconds + jitter, {
          startTime: `${Math.round(start * 1000)}ms`,
          tags: { system, round: String(round) },
          env: { SYSTEM: system, ROUND: String(round), UNTIL: String(jitter + seconds) },
        }),
      ]),
    ),
    runs.flatMap(({ system, round }) => [
      ...['', ',work:fast', ',work:slow'].map(
        (more) => `took{system:${system},round:${round}${more}}`,
      ),
      `squares{system:${system},round:${round}}`,
    ]),
  ),
  noConnectionReuse: true,
};

export default function () {
  // the same for each system; numbers of a generator that is seeded by consecutive ones are not random
  const digits = md5(`${__ENV.ROUND} ${exec.scenario.iterationInTest}`, 'hex');
  const [delay, draw] = [0, 8].map((at) => Number.parseInt(digits.slice(at, at + 8), 16) / 2 ** 32);
  sleep(delay * jitter);
  const at = (Date.now() - exec.scenario.startTime) / 1000;
  const work = draw * 100 < slowPercent ? 'slow' : 'fast';
  const ms = work === 'slow' ? slow : fast;
  const { status, timings } = http.get(`${url}/${__ENV.SYSTEM}/${kind}?ms=${ms}`);
  failed.add(status === 200 ? 0 : 1);
  // before and after, requests come at a lower rate
  if (at >= jitter && at < Number(__ENV.UNTIL)) {
    const all = timings.blocked + timings.duration;
    took.add(all, { work });
    squares.add(all * all);
  }
}

export const handleSummary = openSummary;
