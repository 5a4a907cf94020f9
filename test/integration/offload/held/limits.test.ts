/** Limits of held clients, in total and for one address. */

import { App } from '../../../../testkit/apps/app';
import type { Job } from '../../../../testkit/apps/jobs';
import { call, type OpenClient, openHttp1 } from '../../../../testkit/clients/client';
import { sleep, until } from '../../../../testkit/clients/until';
import { jobsLocation } from '../../../../testkit/servers/configuration';
import { Nginx, onRelease, stable } from '../../../../testkit/servers/nginx';

describe.each(stable)(onRelease, (release) => {
  const app = new App();
  let nginx: Nginx;

  beforeAll(async () => {
    await app.start();
  });

  afterAll(async () => {
    await app.stop();
  });

  afterEach(async () => {
    await nginx.stop();
  });

  const start = async (limits?: [held: number, byAddress: number], server = '') => {
    nginx = await Nginx.start(release, {
      appPort: app.port,
      workerProcesses: 1,
      // 2000 held clients have three each, and three more during a poll
      workerConnections: 16384,
      server,
      ...(limits === undefined ? {} : { limits }),
      waiter: jobsLocation,
    });
  };

  const hold = async (count: number, query = ''): Promise<OpenClient[]> => {
    const known = app.jobs.list().length;
    const clients = Array.from({ length: count }, () =>
      openHttp1(nginx.port, `/job?length=60000&${query}`),
    );
    await until('all jobs are queued', () => app.jobs.list().length === known + count);
    return clients;
  };

  const disconnect = (clients: OpenClient[]) => {
    for (const client of clients) {
      client.disconnect('FIN');
    }
  };

  const lastJob = () => app.jobs.list().at(-1) as Job;

  test('above the limit of an address: 503 with Retry-After at once, and the job is cancelled', async () => {
    await start([100, 3]);
    const held = await hold(3);
    const answer = await call(nginx.port, '/job?length=60000&cancel=/jobs/');
    expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': '10' } });
    expect(answer.ms).toBeLessThan(1500);
    await until('the job is cancelled', () => lastJob().cancels === 1);
    expect(nginx.errorLog()).toContain('limiting connections by zone "offload_held_by_address"');
    expect(nginx.errorLog()).toMatch(
      /raise offload_held .* in limits\.conf, and worker_connections;/,
    );

    const other = await call(nginx.port, '/job?length=300', { localAddress: '127.0.0.2' });
    expect(other.status).toBe(200);
    disconnect(held);
  });

  test('above the limit of a worker process: 503 for any address', async () => {
    await start([2, 100], 'set $offload_retry_after 77;');
    const held = await hold(2);
    const answer = await call(nginx.port, '/job?length=300', { localAddress: '127.0.0.2' });
    expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': '77' } });
    disconnect(held);
  });

  test('calls that are not offloaded are not limited', async () => {
    await start([1, 1]);
    const held = await hold(1);
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => call(nginx.port, '/blocking?length=50')),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    disconnect(held);
  });

  test('a client that disconnects or gets its result is no longer counted', async () => {
    await start([2, 2]);
    for (let round = 0; round < 3; round++) {
      const held = await hold(2);
      expect((await call(nginx.port, '/job?length=10')).status).toBe(503);
      disconnect(held);
      await until('a new client is accepted', async () => {
        return (await call(nginx.port, '/job?length=10')).status === 200;
      });
    }
  });

  test('the count of a killed worker process is discarded', async () => {
    await start([2, 2]);
    await hold(2);
    expect((await call(nginx.port, '/job?length=10')).status).toBe(503);
    process.kill(nginx.workerPids()[0] as number, 'SIGKILL');
    await until('a new worker process serves', async () => {
      const answer = await call(nginx.port, '/job?length=10').catch(() => undefined);
      return answer?.status === 200;
    });
  });

  test('a held client stays accepted during all of its attempts', async () => {
    await start([5, 5]);
    const answers = Array.from({ length: 5 }, () => call(nginx.port, '/job?length=3000'));
    await until('five are held', () => app.jobs.list().length >= 5);
    await sleep(500);
    const refused = await Promise.all(
      Array.from({ length: 20 }, () => call(nginx.port, '/job?length=10')),
    );
    expect(refused.filter(({ status }) => status !== 503)).toEqual([]);
    expect((await Promise.all(answers)).filter(({ status }) => status !== 200)).toEqual([]);
  });

  test('the zone is large enough for 2000 client addresses', async () => {
    await start([2000, 500]);
    const answers = await Promise.all(
      Array.from({ length: 2000 }, (_, i) =>
        call(nginx.port, '/job?length=4000', { localAddress: `127.1.${i >> 8}.${i & 255}` }),
      ),
    );
    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
  });
});
