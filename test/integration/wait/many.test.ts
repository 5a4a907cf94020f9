import { call } from '../../harness/client';
import { matrix, Nginx, onRelease } from '../../harness/nginx';
import { App } from '../../upstream/app';

const JOBS = 2000;
const AT_A_TIME = 200;

describe.each(matrix)(onRelease, (release) => {
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

  test(`of ${JOBS} jobs of 0.1 to 3 s, ${AT_A_TIME} at a time, each client gets its own result`, async () => {
    let asked = 0;
    const wrong: string[] = [];
    const client = async () => {
      while (asked < JOBS) {
        asked++;
        const length = 100 + Math.round(Math.random() * 2900);
        const answer = await call(nginx.port, `/job?length=${length}`);
        if (answer.status !== 200 || answer.body !== `result of job ${answer.headers['x-job']}\n`) {
          wrong.push(`${answer.status} ${answer.body}`);
        }
      }
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, client));

    expect(wrong).toEqual([]);
    const jobs = app.jobs.list();
    expect(jobs).toHaveLength(JOBS);
    // each was given once: nobody has the result of somebody else
    expect(jobs.filter(({ results }) => results !== 1)).toEqual([]);
    const polls = jobs.reduce((sum, job) => sum + job.polls.length, 0);
    expect(polls / JOBS).toBeLessThan(9);
  });
});
