/** What Celery itself writes: with a prefix, with bytes and other objects in it, with unusual headers, with an old id. */

import { call } from '../../../../testkit/clients/client';
import { rawCall } from '../../../../testkit/clients/raw';
import { ends, Nginx, onRelease, stable } from '../../../../testkit/servers/nginx';
import { Redis } from '../../../../testkit/servers/redis';
import { startWorkers, type Workers } from '../../../../testkit/servers/workers';

const WORKER =
  'python3 -m celery --app celery_app:celery worker --pool threads --concurrency 10 --loglevel WARNING';

const start = (redis: Redis, prefix: string) =>
  startWorkers('testkit/apps', 'celery_app', WORKER, {
    REDIS: `redis://127.0.0.1:${redis.port}/0`,
    PREFIX: prefix,
  });

const EVERY_BYTE = Buffer.from(Array.from({ length: 256 }, (_, i) => i));

describe('Celery as it is', () => {
  let redis: Redis;
  let celery: Workers;

  beforeAll(async () => {
    redis = await Redis.start();
    celery = await start(redis, '');
  }, 120_000);

  afterAll(async () => {
    await celery?.stop();
    await redis?.stop();
  });

  describe.each(ends)(onRelease, (release) => {
    let nginx: Nginx;

    beforeAll(async () => {
      nginx = await Nginx.start(release, {
        appPort: celery.port,
        redisPort: redis.port,
        server: `
          location /short/ {
              set $offload_timeout 1s;
              proxy_pass http://app;
              include offload/proxy.conf;
          }`,
      });
    });

    afterAll(() => nginx?.stop());

    test.each([
      ['pdf', 'application/pdf', EVERY_BYTE],
      ['large', 'application/octet-stream', Buffer.concat(Array(12_000).fill(EVERY_BYTE))],
      ['text', 'application/octet-stream', Buffer.from('é\n')],
      ['bytes', 'application/octet-stream', EVERY_BYTE],
    ])('bytes are bytes: %s', async (name, type, body) => {
      const answer = await rawCall(nginx.port, `/results/${name}`);
      expect(answer.status).toBe(200);
      expect(answer.lines).toContain(`Content-Type: ${type}`);
      expect(answer.body.equals(body)).toBe(true);
    });

    test('other objects are as kombu writes them, unless the task makes them text', async () => {
      const read = async (name: string) =>
        JSON.parse((await call(nginx.port, `/results/${name}`)).body);
      expect(await read('objects')).toEqual({
        decimal: { __type__: 'decimal', __value__: '1.10' },
        datetime: { __type__: 'datetime', __value__: '2026-01-31T12:00:00' },
        uuid: { __type__: 'uuid', __value__: { hex: '00000000000000000000000000000001' } },
        bytes: { __type__: 'bytes', __value__: 'a' },
      });
      expect(await read('text-of-objects')).toEqual({
        decimal: '1.10',
        datetime: '2026-01-31T12:00:00',
        uuid: '00000000-0000-0000-0000-000000000001',
      });
    });

    test('headers that HTTP has are sent; others are left out, with a line in the log', async () => {
      const { status, lines } = await rawCall(nginx.port, '/results/headers');
      expect(status).toBe(200);
      expect(lines.map((line) => Buffer.from(line, 'latin1').toString())).toEqual(
        expect.arrayContaining(['X-Empty: ', 'x_a.b: 1', 'X-City: Köln €']),
      );
      expect(lines.filter((line) => /^X-Bad|^X Y/.test(line))).toEqual([]);
      expect(nginx.errorLog()).toMatch(
        /offload: the result of "[^"]+" is sent without its header "X-Bad", "X Y": HTTP has no such name or value/,
      );
    });

    test('STARTED, PROGRESS and RETRY pass by', async () => {
      expect(await call(nginx.port, '/retried')).toMatchObject({
        status: 200,
        body: '"at the second attempt"',
      });
    });

    test('an id that is used twice has the first result, unless that was forgotten', async () => {
      const id = `twice-${release.release}-${release.engine}`;
      const read = async (path: string) => (await call(nginx.port, `/ids/${id}-${path}`)).body;
      expect(await read('a/first')).toBe('"first"');
      expect(await read('a/second')).toBe('"first"');
      expect(await read('b/first')).toBe('"first"');
      expect(await read('b/second?forget')).toBe('"second"');
    });

    test.each(['ignored', 'group'])('no result comes under an id of %s: a 504', async (name) => {
      expect((await call(nginx.port, `/short/${name}`)).status).toBe(504);
    });

    test('the id of the task that collects the results of a group has them', async () => {
      expect(await call(nginx.port, '/chord')).toMatchObject({ status: 200, body: '["a", "b"]' });
    });
  });
});

test.each(['shop', 'shop:', 'shop.'])(
  "Celery's global_keyprefix %s is the prefix in nginx",
  async (prefix) => {
    const redis = await Redis.start();
    const celery = await start(redis, prefix);
    const nginx = await Nginx.start(stable[0] as (typeof stable)[0], {
      appPort: celery.port,
      redisPort: redis.port,
      redis: `set $offload_redis_prefix ${prefix};`,
    });
    const answer = await call(nginx.port, '/results/text');
    const keys = await redis.command('KEYS', '*celery-task-meta-*');
    await nginx.stop();
    await celery.stop();
    await redis.stop();
    expect(answer).toMatchObject({ status: 200, body: 'é\n' });
    expect(keys).toEqual([
      expect.stringMatching(prefix === 'shop' ? /^shop_celery/ : /^shop[:.]celery/),
    ]);
  },
  60_000,
);
