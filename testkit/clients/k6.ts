/** Runs a k6 script and returns its figures. */

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Tally } from '../../load/client/tallied';

/** The content of SUMMARY of load/published.ts. */
export interface Published extends Tally {
  connections: number;
  /** Whether each passed. */
  thresholds: Record<string, boolean>;
}

/** The content of SUMMARY of load/leaving.ts. */
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

interface Options {
  /** Variables of the script; the environment of this process is not passed on. */
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
  { env, limitMs, onOutput }: Options,
): Promise<Run<Figures>> {
  const folder = mkdtempSync(join(tmpdir(), 'offload-k6-'));
  const summary = join(folder, 'summary.json');
  const variables = Object.entries({ ...env, SUMMARY: summary }).flatMap(([name, value]) => [
    ...['--env', `${name}=${value}`],
  ]);
  const options = ['--no-usage-report', '--include-system-env-vars=false', ...variables];
  const child = spawn(findK6(), ['run', ...options, script], { stdio: ['ignore', 'pipe', 'pipe'] });
  // if this process exits; Ctrl-C is sent to k6 as well
  const cleanUp = () => {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', cleanUp);
  const limit = limitMs && setTimeout(() => child.kill('SIGINT'), limitMs);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      onOutput?.(text);
    });
  }
  try {
    const [code] = await once(child, 'close');
    if (!existsSync(summary)) {
      throw new Error(`${script}: k6 exited with ${code}:\n${output}`);
    }
    return { exitCode: code ?? 1, figures: JSON.parse(readFileSync(summary, 'utf8')), output };
  } finally {
    process.off('exit', cleanUp);
    clearTimeout(limit);
    cleanUp();
  }
}

/** The path of k6; builds k6 if it is missing. */
export function findK6(): string {
  const stdio = ['ignore', 'pipe', 'inherit'] as const;
  return execFileSync('build/setup/k6.sh', { encoding: 'utf8', stdio: [...stdio] }).trim();
}
