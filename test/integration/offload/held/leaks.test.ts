/** No leaks of memory, files or limits with many clients, half of which disconnect at random times. */

import { App } from '../../../../testkit/apps/app';
import { call, openHttp1 } from '../../../../testkit/clients/client';
import { sleep, until } from '../../../../testkit/clients/until';
import { long } from '../../../../testkit/jest/long';
import { LEAK_TOLERANCE, memoryOf, openFilesOf } from '../../../../testkit/machines/processes';
import { jobsLocation } from '../../../../testkit/servers/configuration';
import { engines, Nginx, onRelease } from '../../../../testkit/servers/nginx';

const STAYING = long(10_000, 1000);
const DISCONNECTING = long(10_000, 1000);
const CONCURRENT = long(800, 500);
const MINUTE_MS = 60_000;

describe.each(engines)(onRelease, (release) => {
  const app = new App({ workers: 32, backlog: 4096 });
  let nginx: Nginx;

  beforeAll(async () => {
    await app.start();
    nginx = await Nginx.start(release, {
      appPort: app.port,
      // the default of 128 reused contexts would hide leaks
      http: release.engine === 'qjs' ? 'js_context_reuse 8;' : '',
      // a fifth above the number of concurrent clients, as the end of a request takes time; leaked
      // counters would exceed it
      limits: [CONCURRENT * 1.2, CONCURRENT * 1.2],
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

  const disconnect = async () => {
    const tag = Math.random().toString(36).slice(2);
    const client = openHttp1(nginx.port, `/job?length=60000&cancel=/jobs/&tag=${tag}`);
    await until('the job is queued', () => app.jobs.tagged(tag) !== undefined);
    await sleep(Math.random() * 2500);
    client.disconnect(Math.random() < 0.5 ? 'FIN' : 'RST');
  };

  /** Runs clients, alternately staying and disconnecting. */
  const runClients = async (staying: number, disconnecting: number) => {
    let remaining = staying + disconnecting;
    const client = async () => {
      while (remaining > 0) {
        remaining--;
        await (remaining % 2 === 0 ? stay(500 + Math.random() * 2000) : disconnect());
      }
    };
    await Promise.all(Array.from({ length: Math.min(CONCURRENT, remaining) }, client));
  };

  /** Includes files that are not of clients: listening sockets, logs, connections between processes. */
  const openFiles = () => openFilesOf(nginx.workerPids());
  const memory = () => memoryOf(nginx.workerPids());

  test(
    `${STAYING} clients get their results, ${DISCONNECTING} disconnect, and nothing leaks`,
    async () => {
      await runClients(CONCURRENT, CONCURRENT);
      const idleFiles = openFiles();
      // a leak grows in each round; the heap of QuickJS grows once more in some runs, by fragmentation
      let rounds = 0;
      let grown = Number.POSITIVE_INFINITY;
      while (rounds < 3 && grown > 0) {
        await nginx.trimMemory();
        const idleMemory = memory();
        rounds++;
        await runClients(STAYING, DISCONNECTING);
        expect(wrong).toEqual([]);
        await until('all files are closed', () => openFiles() <= idleFiles, MINUTE_MS);
        await nginx.trimMemory();
        grown = memory() - (idleMemory * 1.05 + LEAK_TOLERANCE[release.engine]);
      }
      expect(grown).toBeLessThanOrEqual(0);

      const jobs = app.jobs.list();
      expect(jobs.filter(({ cancels }) => cancels > 1)).toEqual([]);
      const stayed = jobs.filter(({ length }) => length < 60_000);
      expect(stayed).toHaveLength(CONCURRENT + rounds * STAYING);
      expect(stayed.filter(({ cancels, results }) => cancels !== 0 || results === 0)).toEqual([]);
      // clients that disconnected before the signal have no polls in the log, and no job to cancel
      const cancels = () => jobs.reduce((total, job) => total + job.cancels, 0);
      const left = () => nginx.accessLog().filter((line) => /^499 .* polls=\d/.test(line)).length;
      await until('all jobs are cancelled', () => cancels() === left());
      expect(left()).toBeGreaterThan(DISCONNECTING / 2);

      expect(nginx.severeErrors()).toEqual([]);
      expect(nginx.errorLog()).not.toContain('limiting connections');
    },
    long(400_000, 120_000),
  );
});
