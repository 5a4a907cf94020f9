/** The benchmarks with a small load, and what an interrupted one leaves. */

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sum } from 'simple-statistics';
import type { Measured as Cached } from '../../../bench/cache/benchmark';
import type { Measured as Compared } from '../../../bench/comparison/tables';
import type { Measured as Deadlined } from '../../../bench/deadline/benchmark';
import type { Measured as Deployed } from '../../../bench/deploy/benchmark';
import type { Measured as Farmed } from '../../../bench/farm/benchmark';
import type { Measured as Machines } from '../../../bench/machines/benchmark';
import type { Measured as Overhead } from '../../../bench/overhead/benchmark';
import type { Results } from '../../../bench/runner/definition';
import { compared } from '../../../bench/runner/system';
import type { Measured as Scaled } from '../../../bench/scale/benchmark';
import { until } from '../../../testkit/clients/until';
import { isLong } from '../../../testkit/jest/long';
import { containersWhere } from '../../../testkit/machines/labels.js';

const published = () =>
  ['README.md', ...['docs', 'bench/results'].flatMap((folder) => files(folder))].map((name) =>
    readFileSync(name, 'utf8'),
  );
const files = (folder: string) => readdirSync(folder).map((name) => join(folder, name));
let before: string[];
let out: string;
/** The TMPDIR of the benchmark. */
let temporary: string;
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), 'offload-test-'));
  temporary = join(out, 'tmp');
  mkdirSync(temporary);
  before = published();
});
afterEach(() => {
  rmSync(out, { recursive: true, force: true });
  // only the default load is published
  expect(published()).toEqual(before);
});

/** In `make test` without those that are another one with other numbers or another engine. */
const systems = compared
  .map(({ name }) => name)
  .filter((name) => isLong || (!name.endsWith('-quickjs') && name !== 'gevent-10x10'));

test('make bench gets only right answers from each system, and measures its resources', async () => {
  const { measured, versions } = await run<Compared>('bench', 'comparison', {
    ...{
      SYSTEMS: systems.join(),
      CONNECTIONS: '6',
      REQUESTS: '12',
      JOB: '300ms',
      SPREAD: '100ms',
      EARLIER: '0',
    },
    CROWDS: '0',
  });
  expect(measured).toMatchObject(
    systems.map((system) => ({ spread: 100, system, right: 12, unfinished: 0 })),
  );
  for (const { callsPerJob } of measured) {
    // 1 without polling
    expect(callsPerJob).toBeGreaterThanOrEqual(1);
    expect(callsPerJob).toBeLessThan(10);
  }
  // the CPU time of a single system can be below the clock resolution, the sum cannot
  const used = (of: (its: Compared) => number) => expect(sum(measured.map(of))).toBeGreaterThan(0);
  used(({ cpuSeconds }) => cpuSeconds.app);
  used(({ cpuSeconds }) => cpuSeconds.nginx);
  used(({ bytesPerHeld }) => bytesPerHeld);
  used(({ appBytesPerHeld }) => appBytesPerHeld);
  expect(Object.values(versions).filter((version) => !/^\d+\.\d+/.test(version))).toEqual([]);
  const written = ['comparison.json', 'comparison.md', 'comparison.svg'];
  expect(readdirSync(out)).toEqual(expect.arrayContaining(written));
}, 600_000);

test('make bench measures each of CROWDS after the rest', async () => {
  const { measured } = await run<Compared>('bench', 'comparison', {
    ...{ SYSTEMS: 'offload', CONNECTIONS: '4', REQUESTS: '4', JOB: '300ms', SPREAD: '0s' },
    ...{ EARLIER: '4', CROWDS: '6,8' },
  });
  const all = measured.map(({ connections, right }) => ({ connections, right }));
  expect(all).toEqual([4, 6, 8].map((each) => ({ connections: each, right: each })));
}, 120_000);

if (isLong || process.env.OFFLOAD_MATRIX) {
  // in `make test` left out, as they are of the lab alone
  test('make bench-overhead counts instructions of each part', async () => {
    const { measured } = await run<Overhead>('bench-overhead', 'overhead', {
      KIND: 'nothing',
      REQUESTS: '20',
    });
    const counts = measured.map(({ instructions }) => instructions);
    expect(counts).toHaveLength(7);
    expect(Math.min(...counts)).toBeGreaterThan(1000);
  }, 300_000);

  test('make bench-scale gets only right answers', async () => {
    const settings = { SYSTEMS: 'polled,offload-redis-quickjs', LEVELS: '200x3s' };
    const { measured } = await run<Scaled>('bench-scale', 'scale', settings);
    expect(measured).toMatchObject([
      { system: 'polled', held: 200, right: 200, unfinished: 0 },
      { system: 'offload-redis-quickjs', held: 200, right: 200, callsPerJob: 1 },
    ]);
  }, 120_000);

  test('make bench-cache gets only right pages', async () => {
    const { measured } = await run<Cached>('bench-cache', 'cache', {
      ...{ RATE: '20', SECONDS: '4', PAGES: '3', LOGGED_IN: '20' },
    });
    const [plain, cached] = measured as [Cached, Cached];
    expect(plain).toMatchObject({ wrong: 0, fromCache: 0 });
    expect(cached.wrong).toBe(0);
    expect(cached.fromCache).toBeGreaterThan(40);
    expect(cached.calls).toBeLessThan(plain.calls / 2);
  }, 120_000);

  test('make bench-deadline: with a deadline more fast requests are answered', async () => {
    const settings = { SECONDS: '8', USERS: '4', REPORT: '5', RATE: '10' };
    const { measured } = await run<Deadlined>('bench-deadline', 'deadline', settings);
    expect(measured.map(({ fast }) => fast.asked > 60)).toEqual([true, true, true]);
    const [timeout = 0, ...others] = measured.map(({ fast }) => fast.right);
    expect(others.filter((right) => right <= timeout)).toEqual([]);
    expect(measured[2]?.reports.right).toBeGreaterThan(0);
  }, 120_000);

  test('make bench-deploy loses no call of the offload, and sees the new code', async () => {
    const { measured } = await run<Deployed>('bench-deploy', 'deploy', {
      ...{ SYSTEMS: 'redis', CLIENTS: '5', CALL: '5s', AFTER: '1s' },
    });
    // in a quit, a client between two attempts may get a 503
    const others = measured.filter(({ way }) => !way.startsWith('nginx quit'));
    expect(others.map(({ right, lost }) => ({ right, lost }))).toEqual(
      others.map(() => ({ right: 5, lost: {} })),
    );
    const graceful = measured.filter(({ way }) => way.startsWith('graceful reload'));
    expect(graceful).toMatchObject([
      { refused: 0, newCodeSeconds: expect.any(Number), oldGoneSeconds: expect.any(Number) },
    ]);
  }, 400_000);

  test('make bench-machines: the clients of a killed nginx are lost, no other, and all get their answer', async () => {
    const settings = { CLIENTS: '60', CALL: '10s' };
    const { measured } = await run<Machines>('bench-machines', 'machines', settings);
    expect(measured).toMatchObject([{ ofKilled: 20, lost: 20, right: 60, filesPerClient: 4 }]);
    // beside the clients, the app and the worker have a few connections
    for (const connections of measured.flatMap(({ atRedis }) => Object.values(atRedis))) {
      expect(connections).toBeGreaterThanOrEqual(60);
      expect(connections).toBeLessThan(75);
    }
  }, 120_000);

  test('make bench-farm gets an answer to each request', async () => {
    const settings = { SECONDS: '2', CPU_SECONDS: '1', LOAD: '5', CPU_LOAD: '5' };
    const { measured } = await run<Farmed>('bench-farm', 'farm', settings);
    const p50Of = (which: string) =>
      measured.flatMap(({ requests, p50 }) => (requests === which ? [p50] : []));
    expect(measured).toHaveLength(15);
    expect(Math.max(...p50Of('fast'))).toBeLessThan(100);
    expect(Math.min(...p50Of('slow'))).toBeGreaterThanOrEqual(500);
  }, 120_000);
}

test('Ctrl-C stops a benchmark, which removes its containers and folders', async () => {
  const load = { CONNECTIONS: '6', REQUESTS: '60', JOB: '5s', EARLIER: '0' };
  const bench = start('bench', { SYSTEMS: 'offload', ...load });
  await until('it runs', () => /offload: \d+ of 60/.test(bench.output()), 200_000);
  expect(containers()).not.toEqual([]);
  process.kill(-(bench.process.pid as number), 'SIGINT');
  expect(await bench.end).not.toBe(0);
  expect(containers()).toEqual([]);
  expect(readdirSync(temporary).filter((name) => name.startsWith('offload-'))).toEqual([]);
}, 240_000);

test('HELP=1 lists the settings; an unknown setting is an error', async () => {
  const help = start('bench-scale', { HELP: '1' });
  expect(await help.end).toBe(0);
  expect(help.output()).toContain('\n  LEVELS ');
  const wrong = start('bench-scale', { HOLD: '5' });
  expect(await wrong.end).not.toBe(0);
  expect(wrong.output()).toContain('error: HOLD: unknown setting; known settings: SYSTEMS LEVELS ');
  expect(existsSync(join(out, 'scale.json'))).toBe(false);
});

test('make bench-table reproduces the published pages', async () => {
  expect(await start('bench-table', {}).end).toBe(0);
});

async function run<M>(target: string, name: string, settings: Record<string, string>) {
  const bench = start(target, settings);
  if ((await bench.end) !== 0) {
    throw new Error(bench.output());
  }
  const results: Results<unknown, M> = JSON.parse(readFileSync(`${out}/${name}.json`, 'utf8'));
  return results;
}

function start(target: string, settings: Record<string, string>) {
  const given = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  const child: ChildProcess = spawn('make', ['--silent', target, ...given, `OUT=${out}`], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    // not the settings of the test run; OFFLOAD_RUN: its containers are not the tests'
    env: { ...process.env, OFFLOAD_MATRIX: '', OFFLOAD_RUN: '', MAKEFLAGS: '', TMPDIR: temporary },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
  }
  const end = new Promise<number | null>((resolve) => {
    child.on('close', (code) => resolve(code));
  });
  return { process: child, end, output: () => output };
}

/** Of a benchmark in this folder: those of the tests have the label of their own run. */
const containers = () => containersWhere((run) => run !== process.env.OFFLOAD_RUN);
