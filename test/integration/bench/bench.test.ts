/** The benchmarks with a small load, and what an interrupted one leaves. */

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Outcome as Cached } from '../../../bench/cache/benchmark';
import type { Run } from '../../../bench/comparison/benchmark';
import { peers } from '../../../bench/comparison/peers';
import type { Run as Deadlined } from '../../../bench/deadline/benchmark';
import type { Measured as Deployed } from '../../../bench/deploy/benchmark';
import type { Measured as Farmed } from '../../../bench/farm/benchmark';
import type { Machines } from '../../../bench/machines/benchmark';
import type { Results } from '../../../bench/runner/definition';
import type { Outcome } from '../../../bench/runner/measure';
import type { Run as Scaled } from '../../../bench/scale/benchmark';
import { until } from '../../../testkit/clients/until';

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

test('make bench gets only right answers from each system, and measures its resources', async () => {
  const { measured, versions } = await run<Run[]>('bench', 'latest', {
    ...{ CONNECTIONS: '6', REQUESTS: '12', JOB: '300ms', SPREAD: '100ms', EARLIER: '0' },
    CROWDS: '0',
  });
  expect(measured).toMatchObject([{ spreadMs: 100 }]);
  const outcomes = measured.flatMap((each) => each.outcomes);
  expect(outcomes).toMatchObject(
    peers.map(({ name }) => ({ system: name, right: 12, unfinished: 0 })),
  );
  for (const { callsPerJob } of outcomes) {
    // 1 without polling
    expect(callsPerJob).toBeGreaterThanOrEqual(1);
    expect(callsPerJob).toBeLessThan(10);
  }
  // the CPU time of a single system can be below the clock resolution, the sum cannot
  const sum = (of: (outcome: Outcome) => number) => outcomes.map(of).reduce((a, b) => a + b);
  expect(sum(({ cpuSeconds }) => cpuSeconds.app)).toBeGreaterThan(0);
  expect(sum(({ cpuSeconds }) => cpuSeconds.nginx)).toBeGreaterThan(0);
  expect(sum(({ bytesPerHeld }) => bytesPerHeld)).toBeGreaterThan(0);
  expect(sum(({ appBytesPerHeld = Number.NaN }) => appBytesPerHeld)).toBeGreaterThan(0);
  expect(Object.values(versions).filter((version) => !/^\d+\.\d+/.test(version))).toEqual([]);
}, 600_000);

test('make bench measures each of CROWDS after the rest', async () => {
  const { measured } = await run<Run[]>('bench', 'latest', {
    ...{ SYSTEMS: 'offload', CONNECTIONS: '4', REQUESTS: '4', JOB: '300ms', SPREAD: '0s' },
    ...{ EARLIER: '4', CROWDS: '6,8' },
  });
  expect(
    measured.map(({ crowd, outcomes }) => [crowd, ...outcomes.map(({ right }) => right)]),
  ).toEqual([
    [undefined, 4],
    [6, 6],
    [8, 8],
  ]);
}, 120_000);

test('make bench-scale gets only right answers', async () => {
  const settings = { SYSTEMS: 'polled,offload-redis-quickjs', LEVELS: '200x3s' };
  const { measured } = await run<Scaled[]>('bench-scale', 'scale', settings);
  expect(measured).toMatchObject([
    { system: 'polled', held: 200, right: 200, unfinished: 0 },
    { system: 'offload-redis-quickjs', held: 200, right: 200, callsPerJob: 1 },
  ]);
}, 120_000);

test('make bench-cache gets only right pages', async () => {
  const { measured } = await run<[Cached, Cached]>('bench-cache', 'cache', {
    ...{ RATE: '20', SECONDS: '4', PAGES: '3', LOGGED_IN: '20', VISITORS: '6', REPORT: '1s' },
  });
  const [plain, cached] = measured;
  expect(plain).toMatchObject({ wrong: 0, fromCache: 0, crowd: { right: 6, jobs: 6 } });
  expect(cached).toMatchObject({ wrong: 0, crowd: { right: 6, jobs: 1 } });
  expect(cached.fromCache).toBeGreaterThan(40);
  expect(cached.calls).toBeLessThan(plain.calls / 2);
}, 120_000);

test('make bench-deadline: with a deadline more fast requests are answered', async () => {
  const settings = { SECONDS: '8', USERS: '4', REPORT: '5', RATE: '10' };
  const { measured } = await run<Deadlined[]>('bench-deadline', 'deadline', settings);
  expect(measured).toHaveLength(3);
  for (const { fast } of measured) {
    expect(fast.asked).toBeGreaterThan(60);
  }
  const [timeout = 0, ...others] = measured.map(({ fast }) => fast.right);
  expect(others.filter((right) => right <= timeout)).toEqual([]);
  expect(measured[2]?.reports.right).toBeGreaterThan(0);
}, 120_000);

test('make bench-deploy loses no call of the offload, and sees the new code', async () => {
  const { measured } = await run<Deployed[]>('bench-deploy', 'deploy', {
    ...{ SYSTEMS: 'redis', CLIENTS: '5', CALL: '3s', AFTER: '1s' },
  });
  // in a quit, a client between two attempts may get a 503
  const others = measured.filter(({ way }) => !way.startsWith('nginx quit'));
  expect(others.map(({ right, lost }) => ({ right, lost }))).toEqual(
    others.map(() => ({ right: 5, lost: {} })),
  );
  const graceful = measured.filter(({ way }) => way.startsWith('graceful reload'));
  expect(graceful).toHaveLength(1);
  for (const { newCodeSeconds, refused, oldGoneSeconds } of graceful) {
    expect({ refused, isNew: newCodeSeconds !== null, isOver: oldGoneSeconds !== null }).toEqual({
      ...{ refused: 0, isNew: true, isOver: true },
    });
  }
}, 400_000);

test('make bench-machines: the clients of a killed nginx are lost, no other, and all get their answer', async () => {
  const { measured } = await run<Machines>('bench-machines', 'machines', {
    ...{ CLIENTS: '60', CALL: '10s' },
  });
  expect(measured).toMatchObject({ ofKilled: 20, lost: 20, right: 60, filesPerClient: 4 });
  // beside the clients, the app and the worker have a few connections
  for (const connections of Object.values(measured.atRedis)) {
    expect(connections).toBeGreaterThanOrEqual(60);
    expect(connections).toBeLessThan(75);
  }
}, 120_000);

test('make bench-farm gets an answer to each request', async () => {
  const load = { PROCESSES: '4', LOAD: '5', SLOW: '100', CPU_LOAD: '5' };
  const settings = { SECONDS: '2', CPU_SECONDS: '1', ...load };
  const { measured } = await run<Farmed>('bench-farm', 'farm', settings);
  const [roundRobin, least] = measured.waiting.map(({ slow, fast }) => ({ slow, fast }));
  for (const each of [roundRobin, least]) {
    expect(each?.slow.p50).toBeGreaterThanOrEqual(100);
    expect(each?.fast.p50).toBeLessThan(100);
  }
  expect(measured.computing.map(({ all }) => all.mean > 5 && all.spread >= 0)).toEqual([
    ...[true, true, true],
  ]);
}, 120_000);

test.each<[string, Record<string, string>, string]>([
  [
    'bench',
    { SYSTEMS: 'offload', CONNECTIONS: '6', REQUESTS: '60', JOB: '5s', EARLIER: '0' },
    'offload: 0 of 60',
  ],
  ['bench-overhead', { PAIRS: '1', SECONDS: '1', KIND: 'nothing' }, ', load '],
])(
  'Ctrl-C stops make %s, which removes its containers and folders',
  async (target, settings, progress) => {
    const bench = start(target, settings);
    await until(`the output has ${progress}`, () => bench.output().includes(progress), 200_000);
    await until('it has started containers', () => containers().length > 0);
    process.kill(-(bench.process.pid as number), 'SIGINT');
    expect(await bench.end).not.toBe(0);
    expect(containers()).toEqual([]);
    expect(readdirSync(temporary).filter((name) => name.startsWith('offload-'))).toEqual([]);
  },
  240_000,
);

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

async function run<M>(target: string, file: string, settings: Record<string, string>) {
  const bench = start(target, settings);
  if ((await bench.end) !== 0) {
    throw new Error(bench.output());
  }
  const results: Results<unknown, M> = JSON.parse(readFileSync(`${out}/${file}.json`, 'utf8'));
  return results;
}

function start(target: string, settings: Record<string, string>) {
  const given = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  const where = target === 'bench-table' ? [] : [`OUT=${out}`];
  const child: ChildProcess = spawn('make', ['--silent', target, ...given, ...where], {
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
function containers(): string[] {
  const listed = execFileSync(
    'docker',
    [
      ...['ps', '--all', '--filter', `label=nginx-offload.test=${process.cwd()}`],
      ...['--format', '{{.ID}} {{.Label "nginx-offload.run"}}'],
    ],
    { encoding: 'utf8' },
  );
  return listed
    .split('\n')
    .filter((line) => line !== '' && !line.endsWith(` ${process.env.OFFLOAD_RUN}`));
}
