/** load/leaving.ts and load/mixed.ts through nginx. */

import { App } from '../../../testkit/apps/app';
import { type Leaving, runK6 } from '../../../testkit/clients/k6';
import { until } from '../../../testkit/clients/until';
import { jobsLocation } from '../../../testkit/servers/configuration';
import { Nginx, onRelease, stable } from '../../../testkit/servers/nginx';

describe.each(stable)(onRelease, (release) => {
  const app = new App({ workers: 2, backlog: 4096 });
  let nginx: Nginx;
  let origin: string;

  beforeAll(async () => {
    await app.start();
    nginx = await Nginx.start(release, { appPort: app.port, waiter: jobsLocation });
    origin = `http://127.0.0.1:${nginx.port}`;
  });

  afterAll(async () => {
    await nginx.stop();
    await app.stop();
  });

  test('leaving.ts: clients that stay get their results, the jobs of the others are cancelled', async () => {
    const { exitCode, figures } = await runK6<Leaving>('load/leaving.ts', {
      env: {
        URL: `${origin}/work?job={id}&length={length}&cancel=/jobs/`,
        CONNECTIONS: '100',
        REQUESTS: '300',
        JOB: '1500ms',
        LEAVING: '40%',
      },
    });
    expect({ exitCode, ...figures }).toMatchObject({ exitCode: 0, right: 180, left: 120 });
    const cancelled = () => app.jobs.list().filter(({ cancels }) => cancels === 1);
    // clients that disconnected before the signal have no polls in the log
    const left = () => nginx.accessLog().filter((line) => /^499 .* polls=\d/.test(line));
    await until('the jobs are cancelled', () => cancelled().length === left().length);
    expect(left().length).toBeGreaterThan(60);
    // a result may have come just before its client left
    const late = cancelled().filter(({ results }) => results > 0);
    expect(late.length).toBeLessThan(left().length / 4);
  });

  test('mixed.ts: fast calls stay fast during 100 slow calls, on 2 workers', async () => {
    const { exitCode, figures } = await runK6('load/mixed.ts', {
      env: {
        URL: `${origin}/work?job={id}&length={length}`,
        FAST_URL: `${origin}/fast`,
        CONNECTIONS: '100',
        JOB: '3s',
        ALONE: '2s',
        // far above the ratio on a slow machine
        FAST_TIMES: '30',
      },
    });
    expect({ exitCode, right: figures.right }).toEqual({ exitCode: 0, right: 100 });
  });
});
