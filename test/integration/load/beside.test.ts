/** load/leaving.js and mixed.js through nginx: others leave, and fast calls stay fast. */

import { runK6 } from '../../../load/rig/k6';
import { jobsLocation } from '../../harness/configuration';
import { matrix, Nginx, onRelease } from '../../harness/nginx';
import { until } from '../../harness/until';
import { App } from '../../upstream/app';

describe.each(matrix)(onRelease, (release) => {
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

  test('who stays is answered while others leave, and the app is told of those', async () => {
    const { exitCode, figures } = await runK6<{ right: number; left: number }>('load/leaving.js', {
      env: {
        URL: `${origin}/work?job={id}&length={length}&cancel=/jobs/`,
        CONNECTIONS: '100',
        REQUESTS: '300',
        JOB: '1500ms',
        LEAVING: '40%',
      },
    });
    expect({ exitCode, ...figures }).toMatchObject({ exitCode: 0, right: 180, left: 120 });
    const told = () => app.jobs.list().filter(({ cancels }) => cancels === 1);
    // one that left before the app's signal was never held
    const held = () => nginx.accessLog().filter((line) => /^499 .* polls=\d/.test(line));
    await until('the app is told of each that left', () => told().length === held().length);
    expect(held().length).toBeGreaterThan(60);
    expect(told().filter(({ results }) => results > 0)).toEqual([]);
  });

  test('fast calls stay fast beside 100 slow ones, on 2 workers', async () => {
    const { exitCode, figures } = await runK6('load/mixed.js', {
      env: {
        URL: `${origin}/work?job={id}&length={length}`,
        FAST_URL: `${origin}/fast`,
        CONNECTIONS: '100',
        JOB: '3s',
        ALONE: '2s',
        // times their p95: far above what a slow machine makes of it
        FAST_TIMES: '30',
      },
    });
    expect({ exitCode, right: figures.right }).toEqual({ exitCode: 0, right: 100 });
  });
});
