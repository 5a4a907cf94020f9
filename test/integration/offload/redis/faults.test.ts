/** Redis is killed again and again, loads its data, is full or not there at all, with clients held. */

import { SignallingApp } from '../../../../testkit/apps/signalling';
import { type Answer, call } from '../../../../testkit/clients/client';
import { sleep, until } from '../../../../testkit/clients/until';
import { jobsLocation } from '../../../../testkit/servers/configuration';
import { ends, Nginx, onRelease } from '../../../../testkit/servers/nginx';
import { Redis, storeCelery } from '../../../../testkit/servers/redis';

describe.each(ends)(onRelease, (release) => {
  const app = new SignallingApp();
  let redis: Redis;
  let nginx: Nginx;

  const startNginx = (redisPort: number) =>
    Nginx.start(release, {
      appPort: app.port,
      redisPort,
      limits: [1000, 1000],
      waiter: jobsLocation,
      server: `
        location /short/ {
            set $offload_timeout 1500ms;
            proxy_pass http://app;
            include offload/proxy.conf;
        }
        error_page 504 /late.html;
        location = /late.html { return 200 "late"; }
        location /twice/ {
            set $offload_timeout 10s;
            proxy_pass http://app;
            include offload/proxy.conf;
        }`,
    });

  beforeAll(async () => {
    await app.start();
    redis = await Redis.start();
    nginx = await startNginx(redis.port);
  });

  afterAll(async () => {
    await nginx?.stop();
    await redis?.stop();
    await app.stop();
  });

  const ids = (count: number, prefix: string) =>
    Array.from({ length: count }, (_, i) => `${prefix}-${i}`);
  const holdAll = async (all: string[], more = '', header = 'X-Offload-Celery') => {
    const clients = all.map((id) =>
      call(nginx.port, `/?${header}=${id}${more}`).catch((error) => String(error)),
    );
    await until('all are held', async () => (await redis.waiting()) === all.length, 60_000);
    return clients;
  };
  const storeAll = async (all: string[]) => {
    for (const id of all) {
      await storeCelery(redis, id, 'SUCCESS', `"${id}"`);
    }
  };
  const statuses = (answers: (Answer | string)[]) =>
    answers.map((answer) =>
      typeof answer === 'string' ? answer : `${answer.status} ${answer.body}`,
    );

  test('clients whose signal comes while Redis is away are held until it is there', async () => {
    await redis.kill();
    const all = ids(20, 'early');
    const clients = all.map((id) => call(nginx.port, `/?X-Offload-Celery=${id}`));
    await sleep(1_500);
    await redis.startAgain();
    await storeAll(all);
    expect(statuses(await Promise.all(clients))).toEqual(all.map((id) => `200 "${id}"`));
  });

  test('Redis loads its data for seconds after it was killed: none is lost', async () => {
    const slow = await Redis.start({
      keepsData: true,
      // 2 ms for each key
      options: ['--key-load-delay', '2000', '--loading-process-events-interval-bytes', '1024'],
    });
    await slow.command('EVAL', "for i = 1, 1200 do redis.call('SET', 'key-' .. i, 'x') end", '0');
    // of an RDB file: between any two keys it answers its clients
    await slow.command('BGREWRITEAOF');
    await until(
      'the data is in one file',
      async () =>
        (await slow.info('aof_rewrites')) === '1' &&
        (await slow.info('aof_rewrite_in_progress')) === '0',
    );
    const its = await startNginx(slow.port);
    const clients = ['X-Offload-Celery', 'X-Offload-Stream', 'X-Offload-Rq'].map((header) =>
      call(its.port, `/?${header}=loading`),
    );
    await until('all are held', async () => (await slow.waiting()) === clients.length);
    await slow.kill();
    await slow.startAgain();
    const started = Date.now();
    // its connection is ready when Redis has loaded
    await slow.command('GET', 'key-1');
    expect(Date.now() - started).toBeGreaterThan(2_000);
    await storeCelery(slow, 'loading', 'SUCCESS', '"celery"');
    await slow.command('XADD', 'offload:loading', '*', 'body', 'stream');
    await slow.command('XADD', 'rq:results:loading', '*', 'type', '1', 'return_value', 'MQ==');
    const answers = statuses(await Promise.all(clients));
    await its.stop();
    await slow.stop();
    expect(answers).toEqual(['200 "celery"', '200 stream', '200 1']);
  });

  test('with a path to poll in the signal, the app is polled while Redis is away', async () => {
    const clients = await holdAll(
      ['polled'],
      '&X-OffloadToPoller-Url=/poll&X-OffloadToPoller-Args=polled',
    );
    await redis.kill();
    await until('the app is polled', () => app.polled.length > 0);
    app.results.set('polled', 'from a poll\n');
    expect(statuses(await Promise.all(clients))).toEqual(['200 from a poll\n']);
    expect(nginx.errorLog()).toContain('offload: "polled" is polled: Redis is away');
    await until('the access log has its polls', () =>
      nginx.accessLog().some((line) => /Args=polled polls=[1-9]/.test(line)),
    );
    await redis.startAgain();
  });

  test('a timeout that passes while Redis is away is a 504, and the job is cancelled', async () => {
    await redis.kill();
    const { status } = await call(
      nginx.port,
      '/short/?X-Offload-Celery=a&X-Offload-Cancel=/jobs/away',
    );
    expect(status).toBe(504);
    await until('the job is cancelled', () => app.cancelled.includes('/jobs/away'));
    await redis.startAgain();
  });

  test('Redis is away again and again: the client waits on, and its timeout is as ever', async () => {
    const answered = call(nginx.port, '/?X-Offload-Celery=again');
    const late = call(nginx.port, '/twice/?X-Offload-Celery=late&X-Offload-Cancel=/jobs/late');
    for (let i = 0; i < 4; i++) {
      await until('both are held', async () => (await redis.waiting()) === 2);
      await redis.kill();
      await redis.startAgain();
    }
    expect(await late).toMatchObject({ status: 504, body: 'late' });
    await until('the job is cancelled', () => app.cancelled.includes('/jobs/late'));
    await until('one is held', async () => (await redis.waiting()) === 1);
    await storeCelery(redis, 'again', 'SUCCESS', '1');
    expect(await answered).toMatchObject({ status: 200, body: '1' });
  });

  test('Redis has no room for more clients: a 503 with Retry-After, and a line in the log', async () => {
    await redis.command('CONFIG', 'SET', 'maxclients', '12');
    const clients = await holdAll(ids(8, 'room'));
    const more = ids(5, 'full').map((id) =>
      call(nginx.port, `/?X-Offload-Celery=${id}&X-Offload-Cancel=/jobs/full`),
    );
    // some of them have room
    await Promise.race(more);
    await sleep(500);
    await storeAll([...ids(8, 'room'), ...ids(5, 'full')]);
    const answers = await Promise.all(more);
    const rejected = answers.filter(({ status }) => status === 503);
    expect(rejected.length).toBeGreaterThan(0);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(5 - rejected.length);
    expect(rejected[0]?.headers['retry-after']).toBe('10');
    expect(nginx.errorLog()).toContain(
      'offload: Redis can\'t be used: it replied "ERR max number of clients reached"',
    );
    expect(statuses(await Promise.all(clients))).toEqual(ids(8, 'room').map((id) => `200 "${id}"`));
    // the job may still be done, and the client comes again
    expect(app.cancelled).not.toContain('/jobs/full');
    await redis.command('CONFIG', 'SET', 'maxclients', '10000');
  });

  test('what answers is no Redis', async () => {
    const wrong = await startNginx(app.port);
    const { status, headers } = await call(wrong.port, '/?X-Offload-Celery=a');
    expect(status).toBe(503);
    expect(headers['retry-after']).toBe('10');
    expect(wrong.errorLog()).toContain("offload: Redis can't be used: what answers is no Redis");
    await wrong.stop();
  });
});

test('without redis/waiter.conf a signal for it is a 503 at once, and the log says what is missing', async () => {
  const app = new SignallingApp();
  await app.start();
  const nginx = await Nginx.start(ends[0] as (typeof ends)[0], { appPort: app.port });
  const { status, ms } = await call(nginx.port, '/?X-Offload-Celery=a');
  expect(status).toBe(503);
  expect(ms).toBeLessThan(2_000);
  expect(nginx.errorLog()).toContain(
    'stream {} includes no offload/redis/waiter.conf, or nginx is in a quit; the client gets a 503',
  );
  await nginx.stop();
  await app.stop();
});
