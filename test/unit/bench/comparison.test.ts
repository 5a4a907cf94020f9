import bench from '../../../bench/comparison/benchmark';
import { plot } from '../../../bench/comparison/plot';
import {
  type Compared,
  idealSeconds,
  type Measured,
  readmeTable,
  tables,
} from '../../../bench/comparison/tables';
import { readSettings } from '../../../bench/runner/settings';

const NONE = { status: 0, body: 0, swapped: 0, timeout: 0, connection: 0 };
const outcome = (system: string, changes: Partial<Measured> = {}): Measured => ({
  ...{ connections: 200, requests: 2000, spread: 0 },
  ...{ system, title: `the ${system}`, wallSeconds: 100, right: 2000, unfinished: 0, wrong: NONE },
  addedMs: { p50: 40, p95: 90, p99: 130, max: 200 },
  ...{ callsPerJob: 11, bytesPerHeld: 51_200, appBytesPerHeld: 10_240 },
  cpuSeconds: { nginx: 4, app: 20 },
  ...changes,
});

const results = (...measured: Measured[]): Compared => ({
  taken: '2026-01-31T12:00:00.000Z',
  machine: { cores: 2, cpu: 'A Processor', memoryGiB: 24, kernel: '6.1.0', loadBefore: 0.5 },
  versions: { nginx: '1.26.3', k6: '1.8.1' },
  settings: { ...readSettings(bench.settings, {}), LIMIT: 660_000 },
  measured,
});
const rowOf = (markdown: string, title: string) =>
  markdown.split('\n').flatMap((line) => (line.startsWith(`| ${title} `) ? [line] : []))[0];

test('the best figures of systems with all answers right are bold', () => {
  const markdown = tables(
    results(
      outcome('nchan', { callsPerJob: 1 }),
      outcome('uwsgi-blocking', { callsPerJob: 0.5, unfinished: 1000, right: 1000 }),
      outcome('offload'),
    ),
  );
  expect(rowOf(markdown, 'the nchan')).toMatch(/\| +\*\*1\.0\*\* \|/);
  expect(rowOf(markdown, 'the uwsgi-blocking')).toMatch(/\| +0\.5 \|/);
  expect(rowOf(markdown, 'the offload')).toMatch(/\| +11\.0 \|/);
});

test('wrong answers are listed by kind, and a run that was stopped has no wall time', () => {
  const wrong = { ...NONE, status: 15, timeout: 10 };
  const markdown = tables(results(outcome('lua', { right: 25, wrong, unfinished: 1950 })));
  expect(rowOf(markdown, 'the lua')).toContain(
    '| 25 of 2000 | 15 (status), 10 (timeout) | over 660 s |',
  );
});

test('a crowd has a table of its own, and is a column of the README, but not in the picture', () => {
  const crowd = { connections: 1000, requests: 1000, right: 999, unfinished: 1 };
  const both = results(outcome('nchan'), outcome('nchan', crowd));
  expect(tables(both)).toContain(', 1000 requests on 1000 connections: ');
  expect(rowOf(readmeTable(both), 'the nchan')).toMatch(/\| 2000 of 2000 \|.* 999 \|$/);
  expect(plot(both)).toBe(plot(results(outcome('nchan'))));
});

test('in the picture each system is in a row, also one without right answers; titles are escaped', () => {
  const addedMs = { p50: null, p95: null, p99: null, max: null };
  const none = outcome('lua', { title: 'R&D <loop>', right: 0, addedMs });
  const svg = plot(results(none, outcome('offload', { wallSeconds: 200 })));
  const heightOf = (text: string) =>
    Number(new RegExp(`y="([\\d.]+)"[^>]*>${text}`).exec(svg)?.[1]);
  const half = (heightOf('the offload') - heightOf('R&amp;D &lt;loop>')) / 2;
  expect(Math.abs(heightOf('no right answer') - heightOf('R&amp;D'))).toBeLessThan(half);
  const [, dot] = /<circle [^>]*cy="([\d.]+)"/.exec(svg) ?? [];
  expect(Math.abs(Number(dot) - heightOf('the offload'))).toBeLessThan(half);
  // half of the physical limit
  expect(svg).toMatch(/class="ours" x="250" y="[\d.]+" width="135"/);
});

test('the shortest possible duration: a request is sent on the connection that is free first', () => {
  const load = { requests: 2000, connections: 200, spread: 0 };
  expect(idealSeconds(load, 10_000)).toBe(100);
  expect(idealSeconds({ ...load, requests: 201 }, 10_000)).toBe(20);
});
