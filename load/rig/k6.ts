/** Runs a k6 script of load/ and hands back what it found. */

import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What load/published.js writes to $SUMMARY. */
export interface Published {
  url: string;
  connections: number;
  jobMs: number;
  spreadMs: number;
  timeoutMs: number;
  /** That were to be made; right, wrong and unfinished are their parts. */
  requests: number;
  right: number;
  wrong: Record<'status' | 'body' | 'swapped' | 'timeout' | 'connection', number>;
  unfinished: number;
  /** From the first call to the last answer. */
  wallSeconds: number;
  /** Of right answers, beyond the work's own length; null where none is right. */
  addedMs: Record<'p50' | 'p95' | 'p99' | 'max', number | null>;
  /** Whether each was kept. */
  thresholds: Record<string, boolean>;
}

export interface Run<Figures> {
  /** 0; 99 where a threshold failed; 105 where it was broken off. */
  exitCode: number;
  figures: Figures;
  /** All that k6 wrote. */
  output: string;
}

export interface Settings {
  /** Of docs/load.md; one of this process has no say. */
  env: Record<string, string>;
  /** ms after which it is broken off: what has no answer by then is unfinished. */
  limitMs?: number;
  /** Gets k6's own lines as they come, a progress line each second among them. */
  onOutput?: (text: string) => void;
}

/**
 * Fails with what k6 wrote where the script found nothing, such as for a variable that can't be
 * read.
 *
 * @param script its path, from the root of the project
 */
export async function runK6<Figures = Published>(
  script: string,
  { env, limitMs, onOutput = () => {} }: Settings,
): Promise<Run<Figures>> {
  const k6 = findK6();
  const folder = mkdtempSync(join(tmpdir(), 'offload-k6-'));
  const summary = join(folder, 'summary.json');
  const variables = Object.entries({ ...env, SUMMARY: summary }).flatMap(([name, value]) => [
    '--env',
    `${name}=${value}`,
  ]);
  const child = spawn(
    k6,
    ['run', '--no-usage-report', '--include-system-env-vars=false', ...variables, script],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const removeFolder = () => rmSync(folder, { recursive: true, force: true });
  // ctrl-C reaches k6 by itself; this is for a process that ends in any other way
  const end = () => {
    child.kill('SIGKILL');
    removeFolder();
  };
  process.once('exit', end);
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
      throw new Error(`${script}: k6 ended with ${exitCode}:\n${output}`);
    }
    return { exitCode, figures: JSON.parse(readFileSync(summary, 'utf8')), output };
  } finally {
    process.off('exit', end);
    clearTimeout(limit);
    removeFolder();
  }
}

/** The path of k6, which is built where it is missing. */
export function findK6(): string {
  return execFileSync('build/setup/k6.sh', {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  }).trim();
}
