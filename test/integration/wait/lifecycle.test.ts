import { type Answer, call } from '../../harness/client';
import { matrix, Nginx, onRelease } from '../../harness/nginx';
import { sleep, until } from '../../harness/until';
import { App } from '../../upstream/app';

const HELD = 500;

describe.each(matrix)(onRelease, (release) => {
  const app = new App();
  let nginx: Nginx;

  beforeEach(async () => {
    await app.start();
    nginx = await Nginx.start(release, { appPort: app.port, workerProcesses: 4 });
  });

  afterEach(async () => {
    await nginx.stop();
    await app.stop();
  });

  const hold = async (): Promise<Promise<Answer>[]> => {
    const known = app.jobs.list().length;
    const clients = Array.from({ length: HELD }, () => call(nginx.port, '/job?length=4000'));
    await until(`${HELD} are held`, () => app.jobs.list().length === known + HELD);
    return clients;
  };

  const expectAllAnswered = async (clients: Promise<Answer>[]) => {
    const answers = await Promise.allSettled(clients);
    const wrong = answers.filter(
      (answer) =>
        answer.status === 'rejected' ||
        answer.value.body !== `result of job ${answer.value.headers['x-job']}\n`,
    );
    expect(wrong).toEqual([]);
  };

  test(`${HELD} held clients do not notice five reloads`, async () => {
    const clients = await hold();
    for (let i = 0; i < 5; i++) {
      await sleep(500);
      await nginx.run('nginx', '-s', 'reload');
    }
    await expectAllAnswered(clients);
  });

  test(`${HELD} held clients are answered in a quit`, async () => {
    const clients = await hold();
    await sleep(1300);
    await nginx.run('nginx', '-s', 'quit');
    await expectAllAnswered(clients);
  });

  test(`${HELD} held clients are answered when the waiter's socket is gone`, async () => {
    const clients = await hold();
    await sleep(1300);
    await nginx.run('rm', '/run/nginx-offload/waiter.sock');
    await expectAllAnswered(clients);
  });

  test(`${HELD} held clients are answered when nobody listens on the waiter's socket`, async () => {
    const clients = await hold();
    await sleep(1300);
    await nginx.run('sh', '-ec', 'cd /run/nginx-offload; rm waiter.sock; touch waiter.sock');
    await expectAllAnswered(clients);
    expect(nginx.errorLog()).toContain('polls are made in place');
  });

  test('a worker process that is killed takes its own clients along and no others', async () => {
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
