/** Faults that the files of the learned schedule must stand: nothing fails, disk is bounded, routes do not mix. */

import { call } from '../../../testkit/client';
import { engines, matrix, Nginx, onRelease } from '../../../testkit/nginx';
import { sleep, until } from '../../../testkit/until';
import { App } from '../../../testkit/upstream/app';

const FOLDER = '/run/nginx-offload/schedule';

/** Each engine, and the oldest njs, whose fs has the fewest functions. */
const releases = new Set([...matrix.slice(0, 1), ...engines]);

describe.each([...releases])(onRelease, (release) => {
  const app = new App();
  let nginx: Nginx;

  beforeEach(async () => {
    await app.start();
    nginx = await Nginx.start(release, {
      appPort: app.port,
      isLearned: true,
      http: `
    map $arg_route $offload_route {
        default $arg_route;
        ""      other;
    }`,
    });
  });

  afterEach(async () => {
    await nginx.stop();
    await app.stop();
  });

  const output = async (commands: string) => {
    await nginx.run('sh', '-ec', `(${commands}) > /var/log/offload/output.txt`);
    return nginx.log('output.txt');
  };
  const files = async () => (await output(`ls ${FOLDER}`)).trim().split('\n');
  /** Of a route's outcomes, how many are known. */
  const known = async (route: string): Promise<number> => {
    const [, , from] = JSON.parse(await output(`cat ${FOLDER}/route-${route}.times`));
    return from.length;
  };
  const jobs = (count: number, length: number, route: string) =>
    Array.from({ length: count }, () =>
      call(nginx.port, `/job?length=${length}&route=${route}`).catch(() => 'lost'),
    );

  test('an app that signals another path for each job: their files are bounded, and named routes keep theirs', async () => {
    const signalled = async () => {
      const queued = await call(app.port, '/job?length=20');
      const id = queued.headers['x-offloadtopoller-args'];
      return call(nginx.port, `/signal?url=/poll/${id}`);
    };
    for (let i = 0; i < 20; i++) {
      const answers = await Promise.all(Array.from({ length: 50 }, signalled));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    }
    await Promise.all(jobs(10, 20, 'named'));
    await sleep(1100);
    await Promise.all(jobs(2, 20, 'named'));
    const names = await files();
    expect(names.length).toBeLessThan(3 * 202 + 5);
    expect(names).toContain('others.plan');
    expect(names).toContain('route-named.plan');
    expect(nginx.severeErrors()).toEqual([]);
  });

  test('files of the future, as after a clock was set back, are planned from at once', async () => {
    await Promise.all(jobs(10, 300, 'late'));
    await sleep(1100);
    await Promise.all(jobs(1, 300, 'late'));
    await until('there is a plan', async () => (await files()).includes('route-late.plan'));
    await output(`touch -d '+1 hour' ${FOLDER}/route-late.times ${FOLDER}/route-late.plan`);
    const before = await known('late');
    const answers = await Promise.all(jobs(10, 300, 'late'));
    expect(answers).toEqual(answers.map(() => expect.objectContaining({ status: 200 })));
    await until('the jobs are learned', async () => (await known('late')) > before);
  });

  test('worker processes that plan at the same time keep nearly all that they saw', async () => {
    const answers: unknown[] = [];
    for (let i = 0; i < 5; i++) {
      answers.push(...(await Promise.all(jobs(40, 300, 'shared'))));
      await sleep(500);
    }
    expect(answers).toEqual(answers.map(() => expect.objectContaining({ status: 200 })));
    await until('the jobs are learned', async () => {
      // a plan is made at the end of a job, at most once a second
      await sleep(1100);
      await Promise.all(jobs(1, 300, 'shared'));
      return (await known('shared')) > 150;
    });
    expect(nginx.errorLog()).not.toContain('offload: ');
  });

  test('worker processes killed while they learn leave whole files, and only their own clients are lost', async () => {
    const clients: Promise<unknown>[] = [];
    for (let i = 0; i < 12; i++) {
      clients.push(...jobs(30, 300, 'killed'));
      await sleep(350);
      process.kill(nginx.workerPids()[i % 2] as number, 'SIGKILL');
      await until('nginx has two workers', () => nginx.workerPids().length === 2);
    }
    const lost = (await Promise.all(clients)).filter((answer) => answer === 'lost').length;
    expect(lost).toBeLessThan(clients.length);
    const answers = await Promise.all(jobs(10, 300, 'killed'));
    expect(answers).toEqual(answers.map(() => expect.objectContaining({ status: 200 })));
    expect(nginx.errorLog()).not.toContain("can't be read");
    expect((await files()).filter((name) => name.startsWith('route-killed')).length).toBeLessThan(
      9,
    );
    expect(await known('killed')).toBeGreaterThan(0);
  });
});
