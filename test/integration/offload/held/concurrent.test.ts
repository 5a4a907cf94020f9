/** Many concurrent clients get their own results. */

import { App } from '../../../../testkit/apps/app';
import { call } from '../../../../testkit/clients/client';
import { engines, Nginx, onRelease } from '../../../../testkit/servers/nginx';

const JOBS = 1000;
const CONCURRENT = 200;

describe.each(engines)(onRelease, (release) => {
  const app = new App();
  let nginx: Nginx;

  beforeAll(async () => {
    await app.start();
    nginx = await Nginx.start(release, { appPort: app.port });
  });

  afterAll(async () => {
    await nginx.stop();
    await app.stop();
  });

  test(`${JOBS} jobs of 0.1 to 1.5 s on ${CONCURRENT} connections: each client gets its own result`, async () => {
    let started = 0;
    const wrong: string[] = [];
    const client = async () => {
      while (started < JOBS) {
        started++;
        const length = 100 + Math.round(Math.random() * 1400);
        const answer = await call(nginx.port, `/job?length=${length}`);
        if (answer.status !== 200 || answer.body !== `result of job ${answer.headers['x-job']}\n`) {
          wrong.push(`${answer.status} ${answer.body}`);
        }
      }
    };
    await Promise.all(Array.from({ length: CONCURRENT }, client));

    expect(wrong).toEqual([]);
    const jobs = app.jobs.list();
    expect(jobs).toHaveLength(JOBS);
    // each result was sent once
    expect(jobs.filter(({ results }) => results !== 1)).toEqual([]);
    const polls = jobs.reduce((sum, job) => sum + job.polls.length, 0);
    expect(polls / JOBS).toBeLessThan(9);
  });
});
