/** What the error log has of clients that leave, which is nothing, and of large results. */

import { readFileSync } from 'node:fs';
import { App } from '../../../../testkit/apps/app';
import { SignallingApp } from '../../../../testkit/apps/signalling';
import { call, disconnects } from '../../../../testkit/clients/client';
import { until } from '../../../../testkit/clients/until';
import { jobsLocation } from '../../../../testkit/servers/configuration';
import { ends, Nginx, onRelease } from '../../../../testkit/servers/nginx';
import { Redis } from '../../../../testkit/servers/redis';

/** Clients that leave, in each way of the waits below. */
const CLIENTS = 52;

describe.each(ends)(onRelease, (release) => {
  const signalling = new SignallingApp();
  const app = new App({ workers: 2 * CLIENTS, backlog: 4096 });
  let redis: Redis;
  let http1: Nginx;
  let http2: Nginx;

  beforeAll(async () => {
    await signalling.start();
    await app.start();
    redis = await Redis.start();
    const parts = {
      appPort: app.port,
      redisPort: redis.port,
      server: `
        location /redis/ {
            proxy_pass http://127.0.0.1:${signalling.port}/;
            include offload/proxy.conf;
        }`,
      waiter: `${jobsLocation}
        location /redis/jobs/ {
            proxy_pass http://127.0.0.1:${signalling.port}/jobs/;
            include offload/poll.conf;
        }`,
    };
    http1 = await Nginx.start(release, parts);
    http2 = await Nginx.start(release, { ...parts, listen: 'http2' });
  });

  afterAll(async () => {
    await http1?.stop();
    await http2?.stop();
    await redis?.stop();
    await app.stop();
    await signalling.stop();
  });

  /** Clients over each protocol and for each way to disconnect. @returns what has them all leave, and waits for it */
  const hold = (pathOf: (client: number) => string) => {
    const clients = Array.from({ length: CLIENTS }, (_, i) => {
      const { name, open, how } = disconnects[i % disconnects.length] as (typeof disconnects)[0];
      const client = open((name === 'HTTP/2' ? http2 : http1).port, pathOf(i));
      return () => client.disconnect(how);
    });
    const left = () =>
      [http1, http2].flatMap((its) => its.accessLog()).filter((line) => line.startsWith('499 '))
        .length;
    const before = left();
    return async () => {
      for (const leave of clients) {
        leave();
      }
      await until('the access logs have a 499 of each', () => left() - before === CLIENTS);
    };
  };

  /** Lines of level warn and above that were written since the call. */
  const watched = () => {
    const lines = (its: Nginx) =>
      its
        .errorLog()
        .split('\n')
        .filter((line) => /\[(warn|error|crit|alert|emerg)\]/.test(line));
    const before = [http1, http2].map((its) => lines(its).length);
    return () => [http1, http2].flatMap((its, i) => lines(its).slice(before[i]));
  };

  test.each(['Celery', 'Stream', 'Rq'])('clients that leave a wait on %s', async (kind) => {
    const written = watched();
    const cancelled = signalling.cancelled.length;
    const leave = hold((i) => `/redis/?X-Offload-${kind}=${i}&X-Offload-Cancel=/redis/jobs/${i}`);
    await until('they wait', async () => (await redis.waiting()) === CLIENTS);
    await leave();
    await until(
      'the jobs are cancelled',
      () => signalling.cancelled.length === cancelled + CLIENTS,
    );
    await until('Redis has no client', async () => (await redis.waiting()) === 0);
    expect(written()).toEqual([]);
  });

  // the app answers each poll after 200 ms
  test.each([
    ['pause', ''],
    ['poll', '&fault=slow'],
  ])('clients that leave in a %s', async (during, query) => {
    const written = watched();
    const tags = Array.from({ length: CLIENTS }, (_, i) => `${during}-${i}`);
    const jobs = () => tags.map((tag) => app.jobs.tagged(tag));
    const leave = hold((i) => `/job?length=60000&cancel=/jobs/&tag=${tags[i]}${query}`);
    await until('two polls of each', () => jobs().every((job) => (job?.polls.length ?? 0) >= 2));
    await leave();
    await until('the jobs are cancelled', () => jobs().every((job) => job?.cancels === 1));
    // the polls that they left have ended as well
    await call(http1.port, '/job?length=1000');
    expect(written()).toEqual([]);
  });

  test('large results of streams: a line of level warn, which nginx by default does not log', async () => {
    const written = watched();
    for (const size of [20_000, 1_000_000, 10_000_000]) {
      await redis.command('XADD', `offload:${size}`, '*', 'body', 'x'.repeat(size));
      const { body } = await call(http1.port, `/redis/?X-Offload-Stream=${size}`);
      expect(body).toHaveLength(size);
    }
    expect(written().filter((line) => !line.includes('[warn]'))).toEqual([]);
  });

  test('a large result of a poll: the three lines in docs/operations.md', async () => {
    const written = watched();
    const { body } = await call(http1.port, '/job?length=0&size=3000000');
    expect(body).toHaveLength(3_000_000);
    const messages = written().map(
      (line) => / \*\d+ (.*?)(?:,|: \d| while reading)/.exec(line)?.[1],
    );
    expect(messages).toEqual([
      'too big subrequest response',
      'pending events while closing request',
      'upstream prematurely closed connection',
    ]);
    const docs = readFileSync('docs/operations.md', 'utf8');
    expect(messages.filter((each) => !docs.includes(`\`${each}\``))).toEqual([]);
  });

  test('clients that leave while Redis is away: its absence, and no line for each of them', async () => {
    const written = watched();
    const leave = hold((i) => `/redis/?X-Offload-Celery=${i}`);
    await until('they wait', async () => (await redis.waiting()) === CLIENTS);
    await redis.kill();
    await until('Redis is asked for again', () => written().join().includes('/redis/probe'));
    await leave();
    expect(written().filter((line) => /pending events|\[(crit|alert|emerg)\]/.test(line))).toEqual(
      [],
    );
  });
});
