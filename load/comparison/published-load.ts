/** Runs load/published.js on a system, with a time limit. */

import { type Published, runK6 } from '../rig/k6';

export interface Load {
  connections: number;
  requests: number;
  jobMs: number;
  spreadMs: number;
  limitMs: number;
  /** Jobs before those that are measured. */
  earlier: number;
}

/** Longer than nginx's timeout of 60 s, so that clients get its 504. */
const CLIENT_TIMEOUT = '90s';

/** k6's exit codes for a complete run, and for one interrupted at the limit. */
const VALID_EXIT_CODES = [0, 105];

/** @param onProgress called every second with the number of responses so far */
export async function run(
  url: string,
  load: Load,
  onProgress: (answered: number) => void,
): Promise<Published> {
  const { exitCode, figures, output } = await runK6('load/published.js', {
    env: {
      URL: url,
      CONNECTIONS: String(load.connections),
      REQUESTS: String(load.requests),
      JOB: `${load.jobMs}ms`,
      SPREAD: `${load.spreadMs}ms`,
      TIMEOUT: CLIENT_TIMEOUT,
      // wrong responses are counted, not a failure
      RIGHT: '0%',
    },
    limitMs: load.limitMs,
    onOutput: (text) => {
      const [, complete] = /, (\d+) complete and/.exec(text) ?? [];
      if (complete !== undefined) {
        onProgress(Number(complete));
      }
    },
  });
  if (!VALID_EXIT_CODES.includes(exitCode)) {
    throw new Error(`k6 exited with ${exitCode}:\n${output}`);
  }
  return figures;
}
