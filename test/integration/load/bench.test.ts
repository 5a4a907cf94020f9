/** `make bench`, `make bench-scale` and `make bench-overhead` with a small load, and their cleanup. */

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Outcome, Results } from '../../../load/comparison/results';
import { systems } from '../../../load/comparison/systems';
import type { Results as ScaleResults } from '../../../load/scale/results';
import { until } from '../../../testkit/until';

const published = () => [
  ...['README.md', 'docs/benchmark.md', 'docs/scale.md'].map((name) => readFileSync(name, 'utf8')),
  ...readdirSync('load/results').map((name) => readFileSync(`load/results/${name}`, 'utf8')),
];
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
  const bench = start('bench', 'CONNECTIONS=6', 'REQUESTS=12', 'JOB=300ms', 'SPREAD=100ms');
  expect(await bench.end).toBe(0);
  const { runs, versions }: Results = JSON.parse(readFileSync(`${out}/latest.json`, 'utf8'));
  expect(runs).toMatchObject([{ spreadMs: 100 }]);
  expect(runs.flatMap((run) => run.outcomes)).toMatchObject(
    systems.map(({ name }) => ({
      system: name,
      right: 12,
      unfinished: 0,
      callsPerJob: name.startsWith('offload') ? expect.any(Number) : callsOf(name),
    })),
  );
  // the CPU time of a single system can be below the clock resolution, the sum cannot
  const outcomes = runs.flatMap((run) => run.outcomes);
  const sum = (of: (outcome: Outcome) => number) => outcomes.map(of).reduce((a, b) => a + b);
  expect(sum(({ cpuSeconds }) => cpuSeconds.app)).toBeGreaterThan(0);
  expect(sum(({ cpuSeconds }) => cpuSeconds.nginx)).toBeGreaterThan(0);
  expect(sum(({ bytesPerHeld }) => bytesPerHeld)).toBeGreaterThan(0);
  expect(Object.values(versions).filter((version) => !/^\d+\.\d+/.test(version))).toEqual([]);
}, 180_000);

test('make bench-scale gets only right answers, and takes no longer than estimated', async () => {
  const bench = start('bench-scale', 'HELD=200', 'SECONDS=3', 'OFFLOAD_MATRIX=trixie');
  expect(await bench.end).toBe(0);
  const { runs }: ScaleResults = JSON.parse(readFileSync(`${out}/scale.json`, 'utf8'));
  expect(runs).toMatchObject([
    {
      release: 'trixie',
      engine: 'njs',
      held: 200,
      measured: { held: 200, answered: 200, wrong: {} },
    },
  ]);
  expect(readFileSync(`${out}/scale.md`, 'utf8')).toContain('| 200 of 200 |');
  const [, most] = /^Load levels: 1, at most (\d+) s in total$/m.exec(bench.output()) ?? [];
  const [, took] = /^Took (\d+) s$/m.exec(bench.output()) ?? [];
  expect(Number(took)).toBeGreaterThanOrEqual(3);
  expect(Number(took)).toBeLessThanOrEqual(Number(most));
}, 120_000);

test.each([
  [
    'bench',
    ['SYSTEMS=offload', 'CONNECTIONS=6', 'REQUESTS=60', 'JOB=5s', 'EARLIER=0'],
    'offload, 2 s: 0 of 60',
  ],
  ['bench-scale', ['HELD=100', 'SECONDS=60', 'OFFLOAD_MATRIX=trixie'], '100 calls'],
  ['bench-overhead', ['PAIRS=1', 'SECONDS=1', 'KIND=nothing'], 'instructions: '],
])(
  'Ctrl-C stops make %s, which removes its containers and folders',
  async (target, settings, progress) => {
    const bench = start(target, ...settings);
    await until(`the output has ${progress}`, () => bench.output().includes(progress), 200_000);
    expect(containers().length).toBeGreaterThanOrEqual(1);
    process.kill(-(bench.process.pid as number), 'SIGINT');
    expect(await bench.end).not.toBe(0);
    expect(containers()).toEqual([]);
    expect(folders()).toEqual([]);
  },
  240_000,
);

test('HELP=1 lists the settings; an unknown setting is an error', async () => {
  const help = start('bench-scale', 'HELP=1');
  expect(await help.end).toBe(0);
  expect(help.output()).toContain('\n  HELD ');
  const wrong = start('bench-scale', 'HOLD=5');
  expect(await wrong.end).not.toBe(0);
  expect(wrong.output()).toContain('error: HOLD: unknown setting; known settings: HELD SECONDS ');
  expect(existsSync(join(out, 'scale.json'))).toBe(false);
});

test('make bench-table reproduces the published pages', async () => {
  const table = start('bench-table');
  expect(await table.end).toBe(0);
});

/** Calls per job: 1 without polling; otherwise polls at once and after each second. */
const callsOf = (name: string) => (/blocking|gevent|nchan/.test(name) ? 1 : 3);

function start(target: string, ...settings: string[]) {
  const where = target === 'bench-table' ? [] : [`OUT=${out}`];
  const child: ChildProcess = spawn('make', ['--silent', target, ...settings, ...where], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    // not the settings of the test run
    env: { ...process.env, OFFLOAD_MATRIX: '', MAKEFLAGS: '', TMPDIR: temporary },
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

function containers(): string[] {
  const names = execFileSync(
    'docker',
    ['ps', '--filter', `label=nginx-offload.test=${process.cwd()}`, '--format', '{{.Names}}'],
    { encoding: 'utf8' },
  );
  return names.split('\n').filter((name) => name.startsWith('offload-load-'));
}

function folders(): string[] {
  return readdirSync(temporary).filter((name) => name.startsWith('offload-'));
}
