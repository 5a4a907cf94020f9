/** One run of load/published.js against a system, broken off at a limit. */

import { type Published, runK6 } from '../rig/k6';

export interface Load {
  connections: number;
  requests: number;
  jobMs: number;
  spreadMs: number;
  limitMs: number;
}

/** nginx gives up after 60 s: its 504 is what clients are to see, and not their own impatience. */
const CLIENT_TIMEOUT = '90s';

/** k6's exit codes where it has run: to its end, or to the limit. */
const HAS_RUN = [0, 105];

/** @param onProgress is told every second how many answers there were */
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
      // what is wrong is a figure here, and no failure
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
  if (!HAS_RUN.includes(exitCode)) {
    throw new Error(`k6 ended with ${exitCode}:\n${output}`);
  }
  return figures;
}
