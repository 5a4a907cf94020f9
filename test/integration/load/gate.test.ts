/**
 * The gate: a small load of load/published.js through a real nginx. Counts and ratios alone, as
 * times are the machine's; and it has to close when something gets worse.
 */

import { type Published, type Run, runK6 } from '../../../load/rig/k6';
import { growthDuring } from '../../harness/memory';
import { matrix, Nginx, onRelease, type Release } from '../../harness/nginx';
import { App } from '../../upstream/app';

const CONNECTIONS = 100;
const REQUESTS = 300;
const JOB = '2s';

/** On average, by the default schedule, which has 8 or 9; a slow machine makes fewer. */
const POLLS_A_JOB = { least: 5, most: 9 };

/**
 * KB of nginx's memory for each held client: a quarter above what was seen. The last test below
 * fails when they are far too wide.
 */
const MOST_KB_A_CLIENT = { njs: 70, qjs: 300 };

interface Load {
  /** Lines of the user's server {}. */
  server?: string;
  limits?: [held: number, byAddress: number];
  /** Of docs/load.md. */
  env?: Record<string, string>;
}

/** @returns the bounds that a load did not keep to, each with what was found */
async function broken(release: Release, { env = {}, ...parts }: Load = {}): Promise<string[]> {
  const app = new App();
  await app.start();
  const nginx = await Nginx.start(release, { appPort: app.port, ...parts });
  try {
    let run!: Run<Published>;
    const growth = await growthDuring(nginx, async () => {
      run = await runK6('load/published.js', {
        env: {
          URL: `http://127.0.0.1:${nginx.port}/work?job={id}&length={length}`,
          CONNECTIONS: String(CONNECTIONS),
          REQUESTS: String(REQUESTS),
          JOB,
          ...env,
        },
      });
    });
    const jobs = app.jobs.list();
    const polls = jobs.reduce((sum, job) => sum + job.polls.length, 0) / jobs.length;
    const kb = growth / 1024 / CONNECTIONS;
    const { right, wrong, unfinished } = run.figures;
    const found: [string, boolean, unknown][] = [
      ['answers', run.exitCode === 0 && right === REQUESTS, { right, wrong, unfinished }],
      ['jobs', jobs.length === REQUESTS, jobs.length],
      ['polls', polls >= POLLS_A_JOB.least && polls <= POLLS_A_JOB.most, polls],
      ['memory', kb <= MOST_KB_A_CLIENT[release.engine], `${kb.toFixed(0)} KB`],
    ];
    return found
      .filter(([, isKept]) => !isKept)
      .map(([bound, , seen]) => `${bound}: ${JSON.stringify(seen)}`);
  } finally {
    await nginx.stop();
    await app.stop();
  }
}

test.each(matrix)(
  `${REQUESTS} calls of ${JOB} on ${CONNECTIONS} connections keep to each bound: ${onRelease}`,
  async (release) => {
    expect(await broken(release)).toEqual([]);
  },
);

describe('the gate closes', () => {
  const [release] = matrix as [Release];

  test('when answers are not what is expected', async () => {
    const found = await broken(release, { env: { EXPECT: 'result of somebody else\n' } });
    expect(found).toEqual([expect.stringMatching(/^answers: .*"right":0,.*"body":300,/)]);
  });

  test('when the app is polled more often', async () => {
    const server = 'set $offload_interval 100ms; set $offload_backoff 0%;';
    const found = await broken(release, { server });
    expect(found).toContainEqual(expect.stringMatching(/^polls: [12]\d\./));
  });

  test('when clients are turned away', async () => {
    const found = await broken(release, { limits: [10, 10] });
    expect(found).toContainEqual(expect.stringMatching(/^answers: .*"status":[1-9]/));
  });

  test('when a held client costs more memory, by its headers here', async () => {
    const HEADERS = JSON.stringify({ 'X-One': 'x'.repeat(7000), 'X-Two': 'x'.repeat(7000) });
    const found = await broken(release, { env: { HEADERS } });
    expect(found).toEqual([expect.stringMatching(/^memory: /)]);
  });
});
