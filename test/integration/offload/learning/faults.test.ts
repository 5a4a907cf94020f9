/** Faults that the files of the learned schedule must stand: nothing fails, disk is bounded, routes do not mix. */

import { App } from '../../../../testkit/apps/app';
import { call } from '../../../../testkit/clients/client';
import { sleep, until } from '../../../../testkit/clients/until';
import { Nginx, onRelease, stable } from '../../../../testkit/servers/nginx';

const FOLDER = '/run/nginx-offload/schedule';
/** Until a plan is made on a busy machine. */
const LONG_MS = 60_000;

// the oldest njs has the fewest functions of fs
describe.each(stable)(onRelease, (release) => {
  const app = new App();
  let nginx: Nginx;

  beforeEach(async () => {
    await app.start();
    nginx = await Nginx.start(release, {
      appPort: app.port,
      isLearned: true,
      workerProcesses: 6,
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
    for (let i = 0; i < 14; i++) {
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

  /** Outcomes as of jobs that ended now, all alike, so that none is a change of the route: opened and written at once. */
  const append = (count: number, route: string) =>
    output(
      `su -s /bin/sh www-data -c "printf '${'280 300\\n'.repeat(count)}' >>${FOLDER}/route-${route}.log"`,
    );
  /** A route that is known, and clients whose polls have a plan made when one is due. @returns outcomes of it */
  const watched = async (route: string, clients: number): Promise<number> => {
    await Promise.all(jobs(10, 300, route));
    void jobs(clients, 50_000, route);
    await until('all is planned from', async () => {
      const names = (await files()).filter((name) => name.startsWith(`route-${route}.`));
      return names.sort().join() === `route-${route}.plan,route-${route}.times`;
    });
    return known(route);
  };

  test(
    'worker processes that plan at the same time lose nothing that they saw',
    async () => {
      const before = await watched('shared', 100);
      for (let i = 0; i < 20; i++) {
        await append(10, 'shared');
        await sleep(250);
      }
      await until(
        'all is planned from',
        async () => (await known('shared')) === before + 200,
        LONG_MS,
      );
      expect(nginx.errorLog()).not.toContain('offload: ');
    },
    2 * LONG_MS,
  );

  test(
    'what a process had claimed when it was killed is planned from by another one',
    async () => {
      const before = await watched('left', 1);
      const claim = `${FOLDER}/route-left.planning`;
      // nobody else plans as long as it is new
      await output(`mkdir ${claim}; chown www-data ${claim}`);
      await append(100, 'left');
      await output(`cd ${FOLDER}; mv route-left.log route-left.claimed`);
      await append(50, 'left');
      await output(`touch -d '-20 seconds' ${claim}`);
      await until(
        'all is planned from',
        async () => (await known('left')) === before + 150,
        LONG_MS,
      );
      await until('nothing is left', async () =>
        (await files()).every((name) => !/route-left\.(planning|claimed)/.test(name)),
      );
    },
    2 * LONG_MS,
  );

  test('worker processes killed while they learn leave whole files, and only their own clients are lost', async () => {
    const clients: Promise<unknown>[] = [];
    for (let i = 0; i < 12; i++) {
      clients.push(...jobs(30, 300, 'killed'));
      await sleep(350);
      process.kill(nginx.workerPids()[i % 6] as number, 'SIGKILL');
      await until('nginx has its workers', () => nginx.workerPids().length === 6);
    }
    const lost = (await Promise.all(clients)).filter((answer) => answer === 'lost').length;
    expect(lost).toBeLessThan(clients.length);
    const answers = await Promise.all(jobs(10, 300, 'killed'));
    expect(answers).toEqual(answers.map(() => expect.objectContaining({ status: 200 })));
    expect(nginx.errorLog()).not.toContain("can't be read");
    expect((await files()).filter((name) => name.startsWith('route-killed')).length).toBeLessThan(
      9,
    );
    await until('it has a plan', async () => (await files()).includes('route-killed.times'));
    expect(await known('killed')).toBeGreaterThan(0);
  });
});
