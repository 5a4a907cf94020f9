/** Debian's Celery and RQ as they are, with Flask on uWSGI, against each nginx. */

import { call } from '../../../../testkit/clients/client';
import { ends, matrix, Nginx, onRelease } from '../../../../testkit/servers/nginx';
import { Redis } from '../../../../testkit/servers/redis';
import { startWorkers, type Workers } from '../../../../testkit/servers/workers';

describe('workers as they are', () => {
  let redis: Redis;
  let celery: Workers;
  let rq: Workers;

  beforeAll(async () => {
    redis = await Redis.start();
    const url = `redis://127.0.0.1:${redis.port}/0`;
    celery = await startWorkers(
      'examples/redis',
      'app',
      'python3 -m celery --app tasks worker --pool threads --concurrency 20 --loglevel WARNING',
      { REDIS: url },
    );
    rq = await startWorkers(
      'testkit/apps',
      'rq_app',
      `rqworker --url ${url} --serializer rq.serializers.JSONSerializer`,
      { REDIS: url },
    );
  }, 120_000);

  afterAll(async () => {
    await celery?.stop();
    await rq?.stop();
    await redis?.stop();
  });

  test.each(ends)(`Celery: ${onRelease}`, async (release) => {
    const nginx = await Nginx.start(release, { appPort: celery.port, redisPort: redis.port });
    const reports = await Promise.all(
      Array.from({ length: 20 }, (_, i) => call(nginx.port, `/reports/${i}`)),
    );
    expect(reports.map(({ status, body }) => `${status} ${body}`)).toEqual(
      reports.map((_, i) => `200 {"report": "${i}", "total": 1234.5}`),
    );
    expect(await call(nginx.port, '/orders/tea', { method: 'POST' })).toMatchObject({
      status: 201,
      headers: expect.objectContaining({ location: '/orders/tea', 'content-type': 'text/plain' }),
      body: 'tea is ordered\n',
    });
    const broken = await call(nginx.port, '/broken');
    expect(broken.status).toBe(500);
    expect(broken.body).not.toContain('word of this');
    await nginx.stop();
  });

  test.each(ends)(`RQ: ${onRelease}`, async (release) => {
    const nginx = await Nginx.start(release, {
      appPort: rq.port,
      redisPort: redis.port,
      server: `
        location /short/ {
            set $offload_timeout 1s;
            proxy_pass http://app;
            include offload/proxy.conf;
        }`,
    });
    expect(await call(nginx.port, '/work')).toMatchObject({ status: 200, body: '{"slept": 1}' });
    expect((await call(nginx.port, '/fail')).status).toBe(500);
    // an id that is used twice has the first result, unless that was removed
    const id = `twice-${release.release}-${release.engine}`;
    const read = async (path: string) => (await call(nginx.port, `/ids/${id}-${path}`)).body;
    expect(await read('a/first')).toBe('"first"');
    expect(await read('a/second')).toBe('"first"');
    expect(await read('b/first')).toBe('"first"');
    expect(await read('b/second?forget')).toBe('"second"');
    expect((await call(nginx.port, '/short/not-kept')).status).toBe(504);
    await nginx.stop();
  });

  test('with $offload_redis_errors on, the exception and its traceback are for the client', async () => {
    const nginx = await Nginx.start(matrix[0] as (typeof matrix)[0], {
      appPort: celery.port,
      redisPort: redis.port,
      redis: 'set $offload_redis_errors on;',
    });
    const { status, body } = await call(nginx.port, '/broken');
    expect(status).toBe(500);
    expect(JSON.parse(body)).toMatchObject({
      detail: 'The task failed',
      exception: { exc_type: 'ValueError' },
      traceback: expect.stringContaining('Traceback (most recent call last)'),
    });
    await nginx.stop();
  });
});
