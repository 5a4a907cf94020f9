/** More polls than a worker process makes at its rate wait their turn. */

import { call, leaverOverHttp1 } from '../../harness/client';
import { matrix, Nginx, onRelease } from '../../harness/nginx';
import { sleep, until } from '../../harness/until';
import { App } from '../../upstream/app';

/** limit_req_zone in nginx/http.conf: of one worker process, in a second. */
const RATE = 1000;
const HELD = 600;
/** Each wants 20 polls a second, which is twelve times the rate. */
const OFTEN = 'set $offload_interval 50ms; set $offload_backoff 0%;';

describe.each(matrix)(onRelease, (release) => {
  const app = new App({ workers: 64, backlog: 4096 });
  let nginx: Nginx;

  beforeEach(async () => {
    await app.start();
    nginx = await Nginx.start(release, {
      appPort: app.port,
      workerProcesses: 1,
      server: OFTEN,
      limits: [2 * HELD, 2 * HELD],
    });
  });

  afterEach(async () => {
    await nginx.stop();
    await app.stop();
  });

  const polls = () => app.jobs.list().reduce((sum, job) => sum + job.polls.length, 0);

  test(`${HELD} clients that would be polled for more often get their results, and the app no more polls than the rate`, async () => {
    const answers = Array.from({ length: HELD }, () => call(nginx.port, '/job?length=5000'));
    await until('all have asked', () => app.jobs.list().length === HELD);
    const [before, from] = [polls(), Date.now()];
    await sleep(3000);
    const rate = (polls() - before) / ((Date.now() - from) / 1000);
    expect(rate).toBeLessThan(RATE * 1.1);
    expect(rate).toBeGreaterThan(0);
    for (const answer of await Promise.all(answers)) {
      expect(answer.body).toBe(`result of job ${answer.headers['x-job']}\n`);
    }
  });

  test('who leaves while he waits his turn is not polled for any more', async () => {
    const clients = Array.from({ length: HELD }, () =>
      leaverOverHttp1(nginx.port, '/job?length=60000'),
    );
    await until('all have asked', () => app.jobs.list().length === HELD);
    await sleep(1000);
    for (const client of clients) {
      client.leave('FIN');
    }
    await sleep(1000);
    const before = polls();
    await sleep(2000);
    expect(polls()).toBe(before);
  });
});
