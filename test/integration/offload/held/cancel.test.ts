/** A job is cancelled with one DELETE if its client disconnects or gets no result. */

import http from 'node:http';
import { App } from '../../../../testkit/apps/app';
import type { Job } from '../../../../testkit/apps/jobs';
import { call, openHttp1 } from '../../../../testkit/clients/client';
import { sleep, until } from '../../../../testkit/clients/until';
import { jobsLocation } from '../../../../testkit/servers/configuration';
import { Nginx, onRelease, stable } from '../../../../testkit/servers/nginx';

/** Long enough for a second DELETE to arrive. */
const SETTLE_MS = 800;

describe.each(stable)(onRelease, (release) => {
  const app = new App();
  let nginx: Nginx;

  beforeAll(async () => {
    await app.start();
    nginx = await Nginx.start(release, {
      appPort: app.port,
      server: `
        location /quit/ {
            set $offload_timeout 3s;
            proxy_pass http://app/;
            include offload/proxy.conf;
        }
        location /short/ {
            set $offload_timeout 1s;
            proxy_pass http://app/;
            include offload/proxy.conf;
        }`,
      waiter: jobsLocation,
    });
  });

  afterAll(async () => {
    await nginx.stop();
    await app.stop();
  });

  const lastJob = () => app.jobs.list().at(-1) as Job;

  const startJob = async (query: string) => {
    const known = app.jobs.list().length;
    const client = openHttp1(nginx.port, `/job?length=60000&${query}`);
    await until('the job is queued', () => app.jobs.list().length > known);
    return { client, job: lastJob() };
  };

  const deletes = (id: number) =>
    app.seen.filter(({ url }) => url === `/jobs/${id}`).map(({ method }) => method);

  test('the access log has 499 and the number of polls for a client that disconnected', async () => {
    const known = nginx.accessLog().length;
    for (const query of ['cancel=/jobs/', 'no_cancel']) {
      const { client, job } = await startJob(query);
      await until('two polls', () => job.polls.length === 2);
      await sleep(60);
      client.disconnect('FIN');
      await until(`the log has ${query}`, () =>
        nginx.accessLog().slice(known).includes(`499 GET /job?length=60000&${query} polls=2`),
      );
    }
  });

  test('a keepalive connection is reused after a result', async () => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    const ports = new Set<number | undefined>();
    agent.on('free', (socket) => ports.add(socket.localPort));
    for (const path of ['/job?length=300&cancel=/jobs/', '/fast', '/fast']) {
      expect((await call(nginx.port, path, { agent })).status).toBe(200);
    }
    expect(ports.size).toBe(1);
    agent.destroy();
  });

  test('after a timeout, the client does not wait for the DELETE if the app hangs', async () => {
    const answer = await call(nginx.port, '/short/job?length=60000&fault=hang&cancel=/jobs/');
    expect(answer.status).toBe(504);
    expect(answer.ms).toBeLessThan(3000);
  });

  test('a rejected Location cancels the job', async () => {
    const answer = await call(
      nginx.port,
      '/job?length=100&location=http://elsewhere/1&cancel=/jobs/',
    );
    expect(answer.status).toBe(502);
    await until('the job is cancelled', () => deletes(lastJob().id).length > 0);
  });

  test("the DELETE has the client's cookies, and no body", async () => {
    await call(nginx.port, '/short/job?length=60000&cancel=/jobs/', {
      method: 'POST',
      body: 'some body',
      headers: { Cookie: 'session=1' },
    });
    await until('the job is cancelled', () => lastJob().cancels > 0);
    const seen = app.seen.find(({ url }) => url === `/jobs/${lastJob().id}`);
    expect(seen?.headers).toMatchObject({ cookie: 'session=1', 'content-length': '0' });
  });

  test.each([
    ['/admin/', 'is served by no location of the waiter'],
    ['/jobs/../admin/', 'has a . or .. segment'],
    ['http://elsewhere/jobs/', 'is no path'],
    ['/.offload/wait?', "is the waiter's own"],
    ['/.offload/cancel?', "is the waiter's own"],
  ])('X-Offload-Cancel: %s is rejected and logged', async (path, reason) => {
    const answer = await call(
      nginx.port,
      `/short/job?length=60000&cancel=${encodeURIComponent(path)}`,
    );
    expect(answer.status).toBe(504);
    const { id } = lastJob();
    await until('it is logged', () =>
      nginx
        .errorLog()
        .split('\n')
        .some((line) => line.includes(`"${path}${id}" is not cancelled: it ${reason}`)),
    );
    expect(app.seen.filter(({ method }) => method === 'DELETE' || method === 'GET')).not.toContain(
      expect.objectContaining({ url: `${path}${id}` }),
    );
  });

  test.each([
    [500, 'the app answered 500'],
    [405, 'the app answered 405'],
  ])('a DELETE with status %i is logged, and not repeated', async (status, line) => {
    await call(nginx.port, `/short/job?length=60000&cancel=/jobs/&cancel_status=${status}`);
    const { id } = lastJob();
    await until('it is logged', () =>
      nginx.errorLog().includes(`"/jobs/${id}" is not cancelled: ${line}`),
    );
    expect(lastJob().cancels).toBe(1);
  });

  test.each([404, 410])(
    'a DELETE with status %i is not logged: there is no job',
    async (status) => {
      await call(nginx.port, `/short/job?length=60000&cancel=/jobs/&cancel_status=${status}`);
      await until('the job is cancelled', () => lastJob().cancels > 0);
      await sleep(100);
      expect(nginx.errorLog()).not.toContain(`"/jobs/${lastJob().id}" is not cancelled`);
    },
  );

  test('a client cannot cancel a job with X-Offload-Cancel or /.offload/cancel', async () => {
    const headers = { 'X-Offload-Cancel': '/jobs/1' };
    const known = deletes(1).length;
    expect((await call(nginx.port, '/.offload/cancel', { headers })).status).toBe(404);
    expect((await call(nginx.port, '/short/job?length=60000', { headers })).status).toBe(504);
    await sleep(300);
    expect(deletes(1)).toHaveLength(known);
  });

  test('200 clients that disconnect during two reloads cancel their jobs once', async () => {
    const known = app.jobs.list().length;
    const clients = Array.from({ length: 200 }, () =>
      openHttp1(nginx.port, '/job?length=60000&cancel=/jobs/'),
    );
    await until('all are held', () => app.jobs.list().length === known + clients.length);
    await nginx.run('nginx', '-s', 'reload');
    for (const client of clients) {
      client.disconnect(Math.random() < 0.5 ? 'FIN' : 'RST');
      await sleep(3);
    }
    await nginx.run('nginx', '-s', 'reload');
    const jobs = app.jobs.list().slice(known);
    await until('all jobs are cancelled', () => jobs.every(({ cancels }) => cancels > 0));
    await sleep(SETTLE_MS);
    expect(jobs.filter(({ cancels }) => cancels !== 1)).toEqual([]);
  });

  test('a timeout during nginx -s quit cancels the job', async () => {
    const known = app.jobs.list().length;
    const clients = Array.from({ length: 20 }, () =>
      call(nginx.port, '/quit/job?length=60000&cancel=/jobs/'),
    );
    await until('all are held', () => app.jobs.list().length === known + clients.length);
    await sleep(500);
    await nginx.run('nginx', '-s', 'quit');
    const statuses = (await Promise.all(clients)).map(({ status }) => status);
    // those between two attempts at that instant get a 503, and their jobs are not cancelled (docs/operations.md)
    const timeouts = statuses.filter((status) => status === 504).length;
    expect(statuses.filter((status) => status === 503).length).toBe(clients.length - timeouts);
    expect(timeouts).toBeGreaterThan(clients.length / 2);
    const jobs = app.jobs.list().slice(known);
    await until(
      'the jobs are cancelled, once',
      () => jobs.filter(({ cancels }) => cancels === 1).length === timeouts,
    );
  });
});
