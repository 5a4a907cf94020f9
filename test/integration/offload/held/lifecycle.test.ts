import { readFileSync } from 'node:fs';
import { App } from '../../../../testkit/apps/app';
import { type Answer, call } from '../../../../testkit/clients/client';
import { sleep, until } from '../../../../testkit/clients/until';
import { long } from '../../../../testkit/jest/long';
import { jobsLocation } from '../../../../testkit/servers/configuration';
import { ends, Nginx, onRelease } from '../../../../testkit/servers/nginx';

const HELD = long(500, 200);

describe.each(ends)(onRelease, (release) => {
  const app = new App();
  let nginx: Nginx;

  beforeEach(async () => {
    await app.start();
    nginx = await Nginx.start(release, {
      appPort: app.port,
      workerProcesses: 4,
      limits: [HELD, HELD],
      waiter: jobsLocation,
      // the pauses of @offload_fault end with the timeout
      server: ['8s', '15s']
        .map(
          (timeout) => `
        location /${timeout}/ {
            set $offload_timeout ${timeout};
            proxy_pass http://app/;
            include offload/proxy.conf;
        }`,
        )
        .join(''),
    });
  });

  afterEach(async () => {
    await nginx.stop();
    await app.stop();
  });

  const hold = async (query = 'length=3000', location = ''): Promise<Promise<Answer>[]> => {
    const known = app.jobs.list().length;
    const clients = Array.from({ length: HELD }, () =>
      call(nginx.port, `${location}/job?${query}`),
    );
    await until(`${HELD} are held`, () => app.jobs.list().length === known + HELD);
    return clients;
  };

  const hasResult = (answer: PromiseSettledResult<Answer>) =>
    answer.status === 'fulfilled' &&
    answer.value.body === `result of job ${answer.value.headers['x-job']}\n`;

  /** A 503 that a client may repeat. */
  const isRepeatable = (answer: PromiseSettledResult<Answer>) =>
    answer.status === 'fulfilled' &&
    answer.value.status === 503 &&
    answer.value.headers['retry-after'] === '10';

  const expectAllAnswered = async (clients: Promise<Answer>[]) => {
    const answers = await Promise.allSettled(clients);
    expect(answers.filter((answer) => !hasResult(answer))).toEqual([]);
  };

  /** Those between two attempts when the socket is removed get a 503: the more, the busier the CPU. */
  const expectMostAnswered = async (clients: Promise<Answer>[]) => {
    const answers = await Promise.allSettled(clients);
    const without = answers.filter((answer) => !hasResult(answer));
    expect(without.filter((answer) => !isRepeatable(answer))).toEqual([]);
    expect(without.length).toBeLessThan(HELD / 2);
    expect(app.jobs.list().filter(({ cancels }) => cancels > 0)).toEqual([]);
  };

  test(`${HELD} held clients are answered in a restart as docs/operations.md has it`, async () => {
    await nginx.stop();
    // nginx starts its new binary by the path that it was started by
    const daemon = ['sh', '-c', '/usr/sbin/nginx; sleep 600'];
    nginx = await Nginx.start(
      release,
      { appPort: app.port, workerProcesses: 4, limits: [HELD, HELD] },
      daemon,
    );
    const clients = await hold();
    await sleep(1300);
    const [, commands = ''] =
      /```sh\n([^`]*USR2[^`]*)```/.exec(readFileSync('docs/operations.md', 'utf8')) ?? [];
    expect(commands).toContain('QUIT');
    await nginx.run('sh', '-ec', commands);
    await expectAllAnswered(clients);
  });

  test(`${HELD} held clients are answered when the waiter's socket is removed`, async () => {
    const clients = await hold('length=3000&cancel=/jobs/', '/15s');
    await sleep(1300);
    await nginx.run('rm', '/run/nginx-offload/waiter.sock');
    await expectMostAnswered(clients);
  });

  test('clients that can not reach the waiter get 503 with Retry-After, and their jobs are not cancelled', async () => {
    const clients = await hold('length=60000&cancel=/jobs/', '/8s');
    await sleep(600);
    await nginx.run('sh', '-ec', 'cd /run/nginx-offload; rm waiter.sock; touch waiter.sock');
    const answers = await Promise.allSettled(clients);
    expect(answers.filter((answer) => !isRepeatable(answer))).toEqual([]);
    expect(app.jobs.list().filter(({ cancels }) => cancels > 0)).toEqual([]);
    expect(nginx.errorLog()).toMatch(
      /offload: no result of "\/poll \d+" in \d+\.\d s and \d+ polls: the waiter can't be reached; the client gets a 503/,
    );
  });

  test('a worker process that is killed takes its own clients along and no others', async () => {
    await nginx.stop();
    // each worker process gets its share
    const listen = 'reuseport';
    nginx = await Nginx.start(release, {
      appPort: app.port,
      workerProcesses: 4,
      limits: [HELD, HELD],
      listen,
    });
    const clients = await hold();
    await sleep(1300);
    const [victim] = nginx.workerPids() as [number, ...number[]];
    process.kill(victim, 'SIGKILL');
    const answers = await Promise.allSettled(clients);
    const answered = answers.filter(
      (answer) => answer.status === 'fulfilled' && answer.value.status === 200,
    );
    const wrong = answers.filter(
      (answer) => answer.status === 'fulfilled' && answer.value.status !== 200,
    );
    expect(wrong).toEqual([]);
    expect(answered.length).toBeGreaterThan(HELD / 4);
    expect(answered.length).toBeLessThan(HELD);
  });
});
