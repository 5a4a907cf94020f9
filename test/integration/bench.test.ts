import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Outcome, Results } from '../../load/bench/results';
import { systems } from '../../load/bench/systems';
import { until } from '../harness/until';

let out: string;
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), 'offload-test-'));
});
afterEach(() => rmSync(out, { recursive: true, force: true }));

test('make bench gets each answer right on each system, and says what it cost', async () => {
  const readme = readFileSync('README.md', 'utf8');
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
  // so few requests can be less than one tick of the clock to one system, but not to all
  const outcomes = runs.flatMap((run) => run.outcomes);
  const sum = (of: (outcome: Outcome) => number) => outcomes.map(of).reduce((a, b) => a + b);
  expect(sum(({ cpuSeconds }) => cpuSeconds.app)).toBeGreaterThan(0);
  expect(sum(({ cpuSeconds }) => cpuSeconds.nginx)).toBeGreaterThan(0);
  expect(sum(({ bytesPerHeld }) => bytesPerHeld)).toBeGreaterThan(0);
  expect(Object.values(versions).filter((version) => !/^\d+\.\d+/.test(version))).toEqual([]);
  // a load of one's own is none of the README's
  expect(readFileSync('README.md', 'utf8')).toBe(readme);
}, 180_000);

test('a run that is broken off with ctrl-C leaves no container behind', async () => {
  const bench = start('bench', 'SYSTEMS=offload', 'CONNECTIONS=6', 'REQUESTS=60', 'JOB=5s');
  await until('the load is on', () => bench.said().includes('offload, 2 s: 0 of 60'), 60_000);
  const names = containers();
  expect(names.length).toBeGreaterThanOrEqual(2);
  process.kill(-(bench.process.pid as number), 'SIGINT');
  expect(await bench.end).not.toBe(0);
  expect(containers()).toEqual([]);
}, 120_000);

/** The blocking ways are asked once; the others poll right away and after each second. */
const callsOf = (name: string) => (/blocking|gevent|nchan/.test(name) ? 1 : 3);

function start(target: string, ...settings: string[]) {
  const child: ChildProcess = spawn('make', ['--silent', target, ...settings, `OUT=${out}`], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout?.setEncoding('utf8').on('data', (text) => {
    said += text;
  });
  const end = new Promise<number | null>((resolve) => {
    child.on('close', (code) => resolve(code));
  });
  return { process: child, end, said: () => said };
}

function containers(): string[] {
  const names = execFileSync(
    'docker',
    ['ps', '--filter', `label=nginx-offload.test=${process.cwd()}`, '--format', '{{.Names}}'],
    { encoding: 'utf8' },
  );
  return names.split('\n').filter((name) => name.startsWith('offload-bench-'));
}
