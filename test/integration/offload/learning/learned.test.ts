/** The schedule that is learned from a route's own times, and its files. */

import { mean } from 'simple-statistics';
import { App } from '../../../../testkit/apps/app';
import { call } from '../../../../testkit/clients/client';
import { sleep, until } from '../../../../testkit/clients/until';
import { Nginx, onRelease, stable } from '../../../../testkit/servers/nginx';

const FOLDER = '/run/nginx-offload/schedule';

/** Polls of a job of 1.5 s: more than 6 by the backoff, 1 or 2 if its route is known. */
const BETWEEN = 4.5; // and not 3: on a busy machine jobs end late, which costs polls

describe.each(stable)(onRelease, (release) => {
  const app = new App();
  let nginx: Nginx;

  beforeAll(async () => {
    await app.start();
    nginx = await Nginx.start(release, {
      appPort: app.port,
      isLearned: true,
      http: `
    map $arg_route $offload_route {
        default $arg_route;
        ""      other;
    }`,
      server: `
        location /backoff/ {
            set $offload_poll_cost off;
            proxy_pass http://app/;
            include offload/proxy.conf;
        }`,
    });
  });

  afterAll(async () => {
    await nginx?.stop();
    await app.stop();
  });

  let jobs = 0;
  /** Jobs that start within half a second. @returns ms of the polls of each */
  const runJobs = (count: number, route: string, length: number, location = '') =>
    Promise.all(
      Array.from({ length: count }, async () => {
        const tag = String(jobs++);
        await sleep(Math.random() * 500);
        const path = `${location}/job?length=${length}&route=${route}&tag=${tag}`;
        expect(await call(nginx.port, path)).toMatchObject({
          status: 200,
          body: expect.stringMatching(/^result of job/),
        });
        return app.jobs.tagged(tag)?.polls ?? [];
      }),
    );
  /** @returns polls for each job */
  const run = async (...of: Parameters<typeof runJobs>) =>
    mean((await runJobs(...of)).map((polls) => polls.length));

  const shell = (commands: string) => nginx.run('sh', '-ec', commands);
  const output = async (commands: string) => {
    await shell(`(${commands}) > /var/log/offload/output.txt`);
    return nginx.log('output.txt');
  };

  const learn = async (route: string, length: number) => {
    for (let i = 0; i < 2; i++) {
      await run(50, route, length);
    }
  };

  test('a route that is known takes fewer polls', async () => {
    const first = await run(25, 'known', 1500);
    await learn('known', 1500);
    const learned = await run(25, 'known', 1500);
    expect(first).toBeGreaterThan(BETWEEN);
    expect(learned).toBeLessThan(BETWEEN);
    expect(nginx.errorLog()).not.toContain('offload: ');
  });

  test('"off" leaves a location to the backoff', async () => {
    expect(await run(10, 'known', 1500, '/backoff')).toBeGreaterThan(BETWEEN);
  });

  test('a reload and a restart keep what is known', async () => {
    await nginx.run('nginx', '-s', 'reload');
    expect(await run(10, 'known', 1500)).toBeLessThan(BETWEEN);
    await nginx.run('nginx', '-s', 'stop').catch(() => undefined);
    await until('nginx has ended', () => !nginx.isRunning());
    await nginx.startAgain();
    await until('nginx listens', () =>
      call(nginx.port, '/fast').then(
        () => true,
        () => false,
      ),
    );
    expect(await run(10, 'known', 1500)).toBeLessThan(BETWEEN);
  });

  test('routes do not mix, and each path of a signal is a route if routes have no names', async () => {
    await run(20, 'quick', 300);
    await run(20, '', 800);
    const files = await output(`ls ${FOLDER}`);
    expect(files).toMatch(/^route-known\.plan$/m);
    expect(files).toMatch(/^route-quick\.plan$/m);
    expect(files).toMatch(/^path-[0-9a-f]+\.plan$/m);
    expect(await run(10, 'known', 1500)).toBeLessThan(BETWEEN);
  });

  test('a plan that is damaged: polls are made by the backoff until there is another', async () => {
    const damages = {
      garbage: 'echo "[{" >$f',
      truncated: 'head -c 20 $f >$f.x; mv $f.x $f',
      version: 'echo \'["plan 0",50,[1]]\' >$f',
      empty: ': >$f',
      huge: 'echo \'["plan 1",1e999,[1e400]]\' >$f',
    };
    const routes = Object.keys(damages);
    const ofEach = <T>(work: (route: string) => Promise<T>) => Promise.all(routes.map(work));
    const isPlanned = (route: string) =>
      shell(`grep -q '^."plan 1",50,' ${FOLDER}/route-${route}.plan`).then(
        () => true,
        () => false,
      );
    await ofEach((route) => run(10, route, 900));
    await sleep(1100);
    await ofEach((route) => run(1, route, 900));
    await ofEach((route) => until(`${route} has a plan`, () => isPlanned(route)));

    // with no outcomes left, there is nothing to plan anew from
    for (const [route, damage] of Object.entries(damages)) {
      await shell(
        `cd ${FOLDER}; rm -f route-${route}.times route-${route}.log; f=route-${route}.plan; ${damage}; chown www-data $f`,
      );
    }
    // the first poll of the backoff is after 250 ms, that of the plan after about 900 ms
    for (const polls of await ofEach((route) => runJobs(5, route, 1500))) {
      expect(Math.min(...polls.map(([first]) => first ?? Number.NaN))).toBeLessThan(700);
    }
    for (const route of routes) {
      const said = nginx.errorLog().split(`route-${route}.plan can't be read`).length - 1;
      // by each worker process at most; an empty file is none
      expect(said).toBeGreaterThanOrEqual(route === 'empty' ? 0 : 1);
      expect(said).toBeLessThanOrEqual(2);
    }
    await sleep(1100);
    await ofEach((route) => run(10, route, 900));
    await ofEach((route) => until(`${route} has a plan again`, () => isPlanned(route)));
  });

  test('a damaged file of times is begun anew', async () => {
    await shell(`echo nonsense > ${FOLDER}/route-known.times; sleep 1.1`);
    await run(10, 'known', 900);
    expect(await output(`cat ${FOLDER}/route-known.times`)).toMatch(/^\["distribution 1",/);
  });

  test('more than 200 routes share one plan, and their files are bounded', async () => {
    for (let i = 0; i < 10; i++) {
      await Promise.all(
        Array.from({ length: 25 }, (_, k) => call(nginx.port, `/job?length=20&route=r${i}-${k}`)),
      );
    }
    const files = (await output(`ls ${FOLDER}`)).trim().split('\n');
    expect(files.length).toBeLessThan(3 * 201 + 10);
    expect(files).toContain('others.plan');
  });

  test('a folder that can not be written: polls are made, and the log says so', async () => {
    await shell(`mv ${FOLDER} ${FOLDER}-away; touch ${FOLDER}`);
    expect(await run(5, 'unknown', 700)).toBeGreaterThan(1);
    expect(nginx.errorLog()).toContain('offload: nothing is learned of route-unknown: ');
  });
});
