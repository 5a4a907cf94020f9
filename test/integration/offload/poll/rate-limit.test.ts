/** Polls above the rate limit of a worker process are delayed. */

import { App } from '../../../../testkit/apps/app';
import { call, openHttp1 } from '../../../../testkit/clients/client';
import { sleep, until } from '../../../../testkit/clients/until';
import { Nginx, onRelease, stable } from '../../../../testkit/servers/nginx';

/** limit_req_zone in nginx/zones.conf: polls per second of a worker process. */
const RATE = 500;
const HELD = 600;
/** 20 polls per second for each client, in total 24 times the rate. */
const FREQUENT_POLLS = 'set $offload_interval 50ms; set $offload_backoff 0%;';

describe.each(stable)(onRelease, (release) => {
  const app = new App({ workers: 64, backlog: 4096 });
  let nginx: Nginx;

  beforeEach(async () => {
    await app.start();
    nginx = await Nginx.start(release, {
      appPort: app.port,
      workerProcesses: 1,
      server: FREQUENT_POLLS,
      limits: [2 * HELD, 2 * HELD],
    });
  });

  afterEach(async () => {
    await nginx.stop();
    await app.stop();
  });

  const polls = () => app.jobs.list().reduce((sum, job) => sum + job.polls.length, 0);

  test(`${HELD} clients get their results, and the app gets no more polls than the rate limit`, async () => {
    const answers = Array.from({ length: HELD }, () => call(nginx.port, '/job?length=5000'));
    await until('all jobs are queued', () => app.jobs.list().length === HELD);
    const [before, from] = [polls(), Date.now()];
    await sleep(3000);
    const rate = (polls() - before) / ((Date.now() - from) / 1000);
    expect(rate).toBeLessThan(RATE * 1.25);
    expect(rate).toBeGreaterThan(0);
    for (const answer of await Promise.all(answers)) {
      expect(answer.body).toBe(`result of job ${answer.headers['x-job']}\n`);
    }
  });

  test('a client that disconnects while its poll is delayed is not polled for again', async () => {
    const clients = Array.from({ length: HELD }, () => openHttp1(nginx.port, '/job?length=60000'));
    await until('all jobs are queued', () => app.jobs.list().length === HELD);
    await sleep(1000);
    for (const client of clients) {
      client.disconnect('FIN');
    }
    // delayed ones are made within a second of CPU time, of which a busy machine may have little
    await until('the last polls have ended', async () => {
      const some = polls();
      await sleep(2000);
      return polls() === some;
    });
    const before = polls();
    await sleep(2000);
    expect(polls()).toBe(before);
  });
});
