/** Clients that wait on Redis: what is special of results of Celery, of a stream and of RQ (all else: held/ways.test.ts). */

import { SignallingApp } from '../../../../testkit/apps/signalling';
import { call } from '../../../../testkit/clients/client';
import { sleep, until } from '../../../../testkit/clients/until';
import { growthDuring } from '../../../../testkit/machines/memory';
import { ends, Nginx, onRelease } from '../../../../testkit/servers/nginx';
import { Redis, storeCelery } from '../../../../testkit/servers/redis';

describe.each(ends)(onRelease, (release) => {
  const app = new SignallingApp();
  let redis: Redis;
  let nginx: Nginx;
  let last = 0;

  beforeAll(async () => {
    await app.start();
    redis = await Redis.start();
    nginx = await Nginx.start(release, {
      appPort: app.port,
      redisPort: redis.port,
      server: `
        error_page 504 /late.html;
        location = /late.html { return 200 "late"; }`,
    });
  });

  afterAll(async () => {
    await nginx?.stop();
    await redis?.stop();
    await app.stop();
  });

  const newId = () => `id-${++last}`;
  const waiting = async (count: number) =>
    until(`nginx has ${count} waiting on Redis`, async () => (await redis.waiting()) === count);
  const celery = (id: string, status: string, result: string) =>
    storeCelery(redis, id, status, result);
  const base64 = (text: string) => Buffer.from(text).toString('base64');

  test('a Celery task that was done before the signal is answered at once', async () => {
    const id = newId();
    await celery(id, 'SUCCESS', '{"sum": 1.10, "id": 12345678901234567890}');
    expect(await call(nginx.port, `/?X-Offload-Celery=${id}`)).toMatchObject({
      status: 200,
      headers: expect.objectContaining({ 'content-type': 'application/json' }),
      body: '{"sum": 1.10, "id": 12345678901234567890}',
    });
  });

  test.each(['GET', 'POST', 'DELETE'])(
    'a %s is held until the task is done; other states pass by',
    async (method) => {
      const id = newId();
      const answer = call(nginx.port, `/?X-Offload-Celery=${id}`, { method });
      await waiting(1);
      await celery(id, 'STARTED', 'null');
      await celery(id, 'PROGRESS', '{"percent": 50}');
      await sleep(100);
      await celery(id, 'SUCCESS', '[1]');
      expect(await answer).toMatchObject({ status: 200, body: '[1]' });
      await waiting(0);
    },
  );

  test('a HEAD has the header alone', async () => {
    const id = newId();
    await celery(id, 'SUCCESS', '[1]');
    const answer = await call(nginx.port, `/?X-Offload-Celery=${id}`, { method: 'HEAD' });
    expect(answer).toMatchObject({ status: 200, body: '' });
    expect(answer.headers['content-length']).toBe('3');
  });

  test.each([404, 418, 500, 502, 503, 504])(
    'a task that describes a response with status %d gets exactly that',
    async (status) => {
      const id = newId();
      const headers =
        '{"X-A": "b", "Set-Cookie": ["a=1", "b=2"], "X-Accel-Redirect": "/late.html"}';
      await celery(
        id,
        'SUCCESS',
        `{"status": ${status}, "headers": ${headers}, "body": "h\\u00e9"}`,
      );
      expect(await call(nginx.port, `/?X-Offload-Celery=${id}`)).toMatchObject({
        status,
        headers: expect.objectContaining({ 'x-a': 'b', 'set-cookie': ['a=1', 'b=2'] }),
        body: 'hé',
      });
    },
  );

  test('a failed task is a problem document', async () => {
    const id = newId();
    await celery(id, 'FAILURE', '{"exc_type": "ValueError", "exc_message": ["secret"]}');
    const answer = await call(nginx.port, `/?X-Offload-Celery=${id}`);
    expect(answer).toMatchObject({
      status: 500,
      headers: expect.objectContaining({ 'content-type': 'application/problem+json' }),
    });
    expect(JSON.parse(answer.body)).toEqual({
      type: 'about:blank',
      title: 'Internal Server Error',
      status: 500,
      detail: 'The task failed',
    });
  });

  test('a result of Celery of 3 MB', async () => {
    const large = newId();
    const result = JSON.stringify('a'.repeat(3_000_000));
    await celery(large, 'SUCCESS', result);
    expect((await call(nginx.port, `/?X-Offload-Celery=${large}`)).body).toBe(result);
  });

  test('a stream with a body of 50 MB is passed on, and not kept in memory', async () => {
    const id = newId();
    await redis.command(
      'EVAL',
      "redis.call('XADD', KEYS[1], '*', 'body', string.rep('abcdefghij', 5000000))",
      '1',
      `offload:${id}`,
    );
    let answer = { status: 0, body: '' };
    const growth = await growthDuring(nginx, async () => {
      answer = await call(nginx.port, `/?X-Offload-Stream=${id}`);
    });
    expect(growth).toBeLessThan(10_000_000);
    expect(answer.status).toBe(200);
    expect(answer.body).toHaveLength(50_000_000);
    expect(answer.body.startsWith('abcdefghijabc') && answer.body.endsWith('hij')).toBe(true);
  });

  test('RQ: a result in JSON is answered, pickle is refused', async () => {
    const [json, pickle] = [newId(), newId()];
    const answer = call(nginx.port, `/?X-Offload-Rq=${json}`);
    await waiting(1);
    await redis.command('XADD', `rq:results:${json}`, '*', 'type', '4');
    await redis.command(
      'XADD',
      `rq:results:${json}`,
      '*',
      'type',
      '1',
      'return_value',
      base64('{"a": 1}'),
    );
    expect(await answer).toMatchObject({ status: 200, body: '{"a": 1}' });
    await redis.command(
      'XADD',
      `rq:results:${pickle}`,
      '*',
      'type',
      '1',
      'return_value',
      'gASVBQAAAAAAAABLAS4=',
    );
    expect((await call(nginx.port, `/?X-Offload-Rq=${pickle}`)).status).toBe(502);
    expect(nginx.errorLog()).toContain(
      `offload: "${pickle}" has no result: it is no JSON: RQ pickles unless its serializer is rq.serializers.JSONSerializer; the client gets a 502`,
    );
  });

  test.each([
    ['a space', 'a%20b'],
    ['a comma', 'a,b'],
    ['a glob', '*'],
    ['3 KB', 'a'.repeat(3_000)],
    ['UTF-8', '%C3%A9'],
  ])('an id with %s is refused, and no key is read', async (_, id) => {
    const commands = async () => Number(await redis.info('total_commands_processed'));
    const before = await commands();
    expect((await call(nginx.port, `/?X-Offload-Celery=${id}`)).status).toBe(502);
    // that of the test itself
    expect(await commands()).toBe(before + 1);
  });

  test.each([
    ['two results', 'X-Offload-Celery=a&X-Offload-Rq=b', 'is one of two that the signal names'],
    ['a key of another type', 'X-Offload-Celery=list', 'is of another type in Redis'],
    ['a result that is no JSON', 'X-Offload-Celery=text', 'is no JSON of Celery'],
    [
      'a result of 100 MB',
      'X-Offload-Celery=large',
      'is 100000000 bytes long: at most 4194304 from Celery',
    ],
  ])('refused: %s', async (_, query, reason) => {
    await redis.command('DEL', 'celery-task-meta-list');
    await redis.command('RPUSH', 'celery-task-meta-list', '1');
    await redis.command('SET', 'celery-task-meta-text', 'hello');
    await redis.command('SETRANGE', 'celery-task-meta-large', '99999999', 'x');
    expect((await call(nginx.port, `/?${query}`)).status).toBe(502);
    expect(nginx.errorLog()).toContain(`has no result: it ${reason}`);
    await redis.command('DEL', 'celery-task-meta-large');
  });

  test('the access log has no polls of it, and no request failed otherwise', () => {
    const lines = nginx.accessLog().filter((line) => line.includes('X-Offload-'));
    expect(lines.length).toBeGreaterThan(20);
    expect(lines.filter((line) => !line.endsWith('polls=0'))).toEqual([]);
    expect(nginx.severeErrors()).toEqual([]);
  });
});
