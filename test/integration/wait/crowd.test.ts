/** Clients that leave at random moments among clients that stay. */

import { call, leaverOverHttp1 } from '../../harness/client';
import { jobsLocation } from '../../harness/configuration';
import { long } from '../../harness/long';
import { matrix, Nginx, onRelease } from '../../harness/nginx';
import { memoryOf, openFilesOf } from '../../harness/processes';
import { sleep, until } from '../../harness/until';
import { App } from '../../upstream/app';

const WHO_STAY = long(10_000, 1000);
const WHO_LEAVE = long(10_000, 1000);
const AT_A_TIME = long(800, 500);
const MINUTE_MS = 60_000;

/** Bytes: of QuickJS each context that is kept grows to its own size of garbage. */
const SLACK = { njs: 2 * 1024 * 1024, qjs: 8 * 1024 * 1024 };

describe.each(matrix)(onRelease, (release) => {
  const app = new App({ workers: 32, backlog: 4096 });
  let nginx: Nginx;

  beforeAll(async () => {
    await app.start();
    nginx = await Nginx.start(release, {
      appPort: app.port,
      // contexts that are kept for the next requests, 128 by default, would hide what is lost
      http: release.engine === 'qjs' ? 'js_context_reuse 8;' : '',
      // A fifth more than come at a time, as leaving takes a moment: that the next crowd has room
      // shows that none is left behind.
      limits: [AT_A_TIME * 1.2, AT_A_TIME * 1.2],
      waiter: jobsLocation,
    });
  });

  afterAll(async () => {
    await nginx.stop();
    await app.stop();
  });

  const wrong: string[] = [];

  const stay = async (length: number) => {
    const answer = await call(nginx.port, `/job?length=${length}&cancel=/jobs/`);
    if (answer.status !== 200 || answer.body !== `result of job ${answer.headers['x-job']}\n`) {
      wrong.push(`${answer.status} ${answer.body}`);
    }
  };

  const leave = async () => {
    const tag = Math.random().toString(36).slice(2);
    const client = leaverOverHttp1(nginx.port, `/job?length=60000&cancel=/jobs/&tag=${tag}`);
    await until('it has asked', () => app.jobs.tagged(tag) !== undefined);
    await sleep(Math.random() * 2500);
    client.leave(Math.random() < 0.5 ? 'FIN' : 'RST');
  };

  const crowd = async (whoStay: number, whoLeave: number) => {
    let left = whoStay + whoLeave;
    const client = async () => {
      while (left > 0) {
        left--;
        await (left % 2 === 0 ? stay(500 + Math.random() * 2000) : leave());
      }
    };
    await Promise.all(Array.from({ length: Math.min(AT_A_TIME, left) }, client));
  };

  /** Some of them keep no client: listening sockets, logs, connections to each other. */
  const openFiles = () => openFilesOf(nginx.workerPids());
  const memory = () => memoryOf(nginx.workerPids());

  test(
    `${WHO_STAY} that stay are answered, ${WHO_LEAVE} leave, and nothing is left of them`,
    async () => {
      await crowd(AT_A_TIME, AT_A_TIME);
      const idleFiles = openFiles();
      await nginx.trimMemory();
      const idleMemory = memory();

      await crowd(WHO_STAY, WHO_LEAVE);
      expect(wrong).toEqual([]);
      await until('all files are closed', () => openFiles() <= idleFiles, MINUTE_MS);
      await nginx.trimMemory();
      expect(memory()).toBeLessThan(idleMemory * 1.05 + SLACK[release.engine]);

      const jobs = app.jobs.list();
      expect(jobs.filter(({ cancels }) => cancels > 1)).toEqual([]);
      const stayed = jobs.filter(({ length }) => length < 60_000);
      expect(stayed).toHaveLength(AT_A_TIME + WHO_STAY);
      expect(stayed.filter(({ cancels, results }) => cancels !== 0 || results === 0)).toEqual([]);
      // One that leaves before the app's signal was never held, and its access log line has no
      // polls: nginx knows of no job then.
      const told = () => jobs.reduce((total, { cancels }) => total + cancels, 0);
      const held = () => nginx.accessLog().filter((line) => /^499 .* polls=\d/.test(line)).length;
      await until('the app is told of each that left', () => told() === held());
      expect(held()).toBeGreaterThan(WHO_LEAVE / 2);

      const errors = nginx.errorLog().split('\n');
      expect(errors.filter((line) => /\[(alert|crit|emerg)\]/.test(line))).toEqual([]);
      expect(errors.filter((line) => line.includes('limiting connections'))).toEqual([]);
    },
    long(400_000, 120_000),
  );
});
