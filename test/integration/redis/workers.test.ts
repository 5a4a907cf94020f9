/** Debian's Celery and RQ as they are, with Flask on uWSGI, against each nginx. */

import { join } from 'node:path';
import { call } from '../../../testkit/client';
import { Container } from '../../../testkit/container';
import { answers, freePort, matrix, Nginx, onRelease } from '../../../testkit/nginx';
import { Redis } from '../../../testkit/redis';
import { until } from '../../../testkit/until';

const IMAGE = 'offload-redis:trixie';

/** An app on uWSGI and its worker, in containers with the code in /srv/app. */
async function start(folder: string, module: string, worker: string, url: string) {
  const port = await freePort();
  const container = (command: string) =>
    Container.start({
      image: IMAGE,
      mounts: { '/srv/app:ro': join(process.cwd(), folder) },
      command: ['sh', '-c', `cd /srv/app; export REDIS=${url}; exec ${command}`],
    });
  const started = [
    await container(
      `uwsgi --plugin python3 --http-socket 127.0.0.1:${port} --module ${module}:app --processes 2 --need-app --die-on-term`,
    ),
    await container(worker),
  ];
  await until(`${module} listens`, () => answers(port));
  return { port, stop: () => Promise.all(started.map((each) => each.stop())) };
}

describe('workers as they are', () => {
  let redis: Redis;
  let celery: Awaited<ReturnType<typeof start>>;
  let rq: Awaited<ReturnType<typeof start>>;

  beforeAll(async () => {
    redis = await Redis.start();
    const url = `redis://127.0.0.1:${redis.port}/0`;
    celery = await start(
      'examples/redis',
      'app',
      'python3 -m celery --app tasks worker --pool threads --concurrency 20 --loglevel WARNING',
      url,
    );
    rq = await start(
      'testkit/upstream',
      'rq_app',
      `rqworker --url ${url} --serializer rq.serializers.JSONSerializer`,
      url,
    );
  }, 120_000);

  afterAll(async () => {
    await celery?.stop();
    await rq?.stop();
    await redis?.stop();
  });

  test.each(matrix)(`Celery: ${onRelease}`, async (release) => {
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

  test.each(matrix)(`RQ: ${onRelease}`, async (release) => {
    const nginx = await Nginx.start(release, { appPort: rq.port, redisPort: redis.port });
    expect(await call(nginx.port, '/work')).toMatchObject({ status: 200, body: '{"slept": 1}' });
    expect((await call(nginx.port, '/fail')).status).toBe(500);
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
