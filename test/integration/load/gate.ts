/**
 * A regression gate: a small load of load/published.ts through nginx, with bounds on counts and ratios,
 * as times depend on the machine.
 */

import { App } from '../../../testkit/apps/app';
import { type Published, type Run, runK6 } from '../../../testkit/clients/k6';
import { growthDuring } from '../../../testkit/machines/memory';
import { Nginx, type Release } from '../../../testkit/servers/nginx';

export const CONNECTIONS = 100;
export const REQUESTS = 300;
export const JOB = '2s';

/** Average; the default schedule has 8 or 9, fewer on a slow machine. */
const POLLS_PER_JOB = { min: 5, max: 9 };

/**
 * KB of nginx's memory for each held client: a quarter above the measured values. gate-fails.test.ts shows that these are
 * not far too large.
 */
const MAX_KB_PER_CLIENT = { njs: 70, qjs: 300 };

export interface Load {
  /** Directives for the public server. */
  server?: string;
  limits?: [held: number, byAddress: number];
  connections?: number;
  requests?: number;
  /** Variables of load/README.md. */
  env?: Record<string, string>;
}

/** Runs a load. @returns the exceeded bounds, each with the measured value */
export async function exceededBounds(
  release: Release,
  { env = {}, connections = CONNECTIONS, requests = REQUESTS, ...parts }: Load = {},
): Promise<string[]> {
  const app = new App();
  await app.start();
  const nginx = await Nginx.start(release, { appPort: app.port, ...parts });
  try {
    let run!: Run<Published>;
    const growth = await growthDuring(nginx, async () => {
      run = await runK6('load/published.ts', {
        env: {
          URL: `http://127.0.0.1:${nginx.port}/work?job={id}&length={length}`,
          CONNECTIONS: String(connections),
          REQUESTS: String(requests),
          JOB,
          ...env,
        },
      });
    });
    const jobs = app.jobs.list();
    const polls = jobs.reduce((sum, job) => sum + job.polls.length, 0) / jobs.length;
    const kb = growth / 1024 / connections;
    const { right, wrong, unfinished } = run.figures;
    const bounds: [string, boolean, unknown][] = [
      ['answers', run.exitCode === 0 && right === requests, { right, wrong, unfinished }],
      ['jobs', jobs.length === requests, jobs.length],
      ['polls', polls >= POLLS_PER_JOB.min && polls <= POLLS_PER_JOB.max, polls],
      ['memory', kb <= MAX_KB_PER_CLIENT[release.engine], `${kb.toFixed(0)} KB`],
    ];
    return bounds
      .filter(([, isKept]) => !isKept)
      .map(([bound, , value]) => `${bound}: ${JSON.stringify(value)}`);
  } finally {
    await nginx.stop();
    await app.stop();
  }
}
