/** Runs a k6 script of load/ and returns its figures. */

import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The content of SUMMARY of load/published.js. */
export interface Published {
  url: string;
  connections: number;
  jobMs: number;
  spreadMs: number;
  timeoutMs: number;
  /** Planned; the sum of right, wrong and unfinished. */
  requests: number;
  right: number;
  wrong: Record<'status' | 'body' | 'swapped' | 'timeout' | 'connection', number>;
  unfinished: number;
  /** From the first call to the last response. */
  wallSeconds: number;
  /** Latency of correct responses minus the work's length; null if there are none. */
  addedMs: Record<'p50' | 'p95' | 'p99' | 'max', number | null>;
  /** Whether each passed. */
  thresholds: Record<string, boolean>;
}

/** The content of SUMMARY of load/leaving.js. */
export interface Leaving extends Published {
  /** Clients that disconnected without a response. */
  left: number;
}

export interface Run<Figures> {
  /** 0; 99 if a threshold failed; 105 if interrupted. */
  exitCode: number;
  figures: Figures;
  /** k6's stdout and stderr. */
  output: string;
}

export interface Settings {
  /** Variables of docs/load.md; the environment of this process is not passed on. */
  env: Record<string, string>;
  /** ms after which k6 is interrupted; calls without a response are then unfinished. */
  limitMs?: number;
  /** Called with k6's output, which has a progress line each second. */
  onOutput?: (text: string) => void;
}

/**
 * Throws an error with k6's output if the script wrote no figures, for example because a variable is
 * invalid.
 *
 * @param script path, relative to the root of the project
 */
export async function runK6<Figures = Published>(
  script: string,
  { env, limitMs, onOutput = () => {} }: Settings,
): Promise<Run<Figures>> {
  const k6 = findK6();
  const folder = mkdtempSync(join(tmpdir(), 'offload-k6-'));
  const summary = join(folder, 'summary.json');
  const variables = Object.entries({ ...env, SUMMARY: summary });
  const child = spawn(
    k6,
    [
      ...['run', '--no-usage-report', '--include-system-env-vars=false'],
      ...variables.flatMap(([name, value]) => ['--env', `${name}=${value}`]),
      script,
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const removeFolder = () => rmSync(folder, { recursive: true, force: true });
  // if this process exits; Ctrl-C is sent to k6 as well
  const cleanUp = () => {
    child.kill('SIGKILL');
    removeFolder();
  };
  process.once('exit', cleanUp);
  const limit = limitMs && setTimeout(() => child.kill('SIGINT'), limitMs);
  try {
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        onOutput(text);
      });
    }
    const exitCode = await new Promise<number>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code) => resolve(code ?? 1));
    });
    if (!existsSync(summary)) {
      throw new Error(`${script}: k6 exited with ${exitCode}:\n${output}`);
    }
    return { exitCode, figures: JSON.parse(readFileSync(summary, 'utf8')), output };
  } finally {
    process.off('exit', cleanUp);
    clearTimeout(limit);
    removeFolder();
  }
}

/** Response times in ms; null if there were none. */
export interface Times {
  requests: number;
  mean: number | null;
  p50: number | null;
  p95: number | null;
  p99: number | null;
}

/** The figures of an open load (bench/runner/open.js): k6's statistics of its metrics, by name. */
export class OpenFigures {
  constructor(private readonly metrics: Record<string, Record<string, number>>) {}

  count(metric: string): number {
    return this.metrics[metric]?.count ?? 0;
  }

  mean(metric: string): number {
    return this.metrics[metric]?.avg ?? Number.NaN;
  }

  max(metric: string): number {
    return this.metrics[metric]?.max ?? Number.NaN;
  }

  /** @param metric `took`, or a part of it: `took{kind:fast}` */
  times(metric: string): Times {
    const { count = 0, ...values } = this.metrics[metric] ?? {};
    const of = (name: string) => (count === 0 ? null : (values[name] ?? null));
    return { requests: count, mean: of('avg'), p50: of('med'), p95: of('p(95)'), p99: of('p(99)') };
  }
}

/** @param load what the script reads from LOAD */
export async function runOpen(script: string, load: unknown): Promise<OpenFigures> {
  const { exitCode, figures, output } = await runK6<Record<string, Record<string, number>>>(
    script,
    { env: { LOAD: JSON.stringify(load) } },
  );
  if (exitCode !== 0) {
    throw new Error(`${script}: k6 exited with ${exitCode}:\n${output}`);
  }
  return new OpenFigures(figures);
}

/** The path of k6; builds k6 if it is missing. */
export function findK6(): string {
  return execFileSync('build/setup/k6.sh', {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  }).trim();
}
