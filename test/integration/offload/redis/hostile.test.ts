/** What a hostile Redis, or a task that can write to it, can do to nginx: each wait has an outcome, at bounded cost. */

import net, { type AddressInfo } from 'node:net';
import { SignallingApp } from '../../../../testkit/apps/signalling';
import { call } from '../../../../testkit/clients/client';
import { until } from '../../../../testkit/clients/until';
import { growthDuring } from '../../../../testkit/machines/memory';
import { jobsLocation } from '../../../../testkit/servers/configuration';
import { ends, Nginx, onRelease } from '../../../../testkit/servers/nginx';
import { Redis, storeCelery } from '../../../../testkit/servers/redis';

const MB = 1024 * 1024;
const HELLO = '%1\r\n$5\r\nproto\r\n:3\r\n';
const STREAM = '%1\r\n$1\r\na\r\n';

/** Answers each connection with the same bytes, once or without an end. */
class HostileRedis {
  answer = '';
  isEndless = false;
  private readonly server = net.createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => {
      socket.write(this.answer);
      const more = () => {
        while (this.isEndless && socket.writable && socket.write(this.answer)) {}
      };
      socket.on('drain', more);
      more();
    });
  });

  async start(): Promise<number> {
    await new Promise<void>((resolve) => {
      this.server.listen(0, '127.0.0.1', resolve);
    });
    return (this.server.address() as AddressInfo).port;
  }

  stop(): void {
    this.server.close();
  }
}

describe.each(ends)(onRelease, (release) => {
  const app = new SignallingApp();
  const hostile = new HostileRedis();
  let redis: Redis;
  let nginx: Nginx;
  let attacked: Nginx;
  let last = 0;

  beforeAll(async () => {
    await app.start();
    redis = await Redis.start();
    const parts = { appPort: app.port, workerProcesses: 1, waiter: jobsLocation };
    nginx = await Nginx.start(release, { ...parts, redisPort: redis.port });
    attacked = await Nginx.start(release, { ...parts, redisPort: await hostile.start() });
  });

  afterAll(async () => {
    await nginx?.stop();
    await attacked?.stop();
    await redis?.stop();
    hostile.stop();
    await app.stop();
  });

  const newId = () => `hostile-${++last}`;
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

  test.each([
    [
      '40 simple strings of 8 KB',
      'Celery',
      HELLO.concat(`+${'x'.repeat(8_000)}\r\n`.repeat(40)),
      503,
    ],
    ['an error of 8 KB', 'Celery', `${HELLO}-${'x'.repeat(8_000)}\r\n`, 503],
    ['an error that has no end', 'Celery', `${HELLO}-${'x'.repeat(100_000)}`, 503],
    [
      '3,000 entries of a stream',
      'Stream',
      `${HELLO}${STREAM}*3000\r\n`.concat(
        '*2\r\n$3\r\n1-1\r\n*2\r\n$4\r\nbody\r\n$1\r\nx\r\n'.repeat(3_000),
      ),
      200,
    ],
    ['an entry without fields', 'Stream', `${HELLO}${STREAM}*1\r\n*2\r\n$3\r\n1-1\r\n*0\r\n`, 503],
    [
      'an entry of null',
      'Stream',
      `${HELLO}${STREAM}*1\r\n*2\r\n$3\r\n1-1\r\n*2\r\n$4\r\nbody\r\n_\r\n`,
      503,
    ],
    ['100 nested lists', 'Rq', HELLO.concat('*1\r\n'.repeat(100)), 503],
    ['what is no Redis', 'Rq', 'HTTP/1.1 400 Bad Request\r\n\r\n', 503],
  ])('%s', async (_, kind, answer, status) => {
    hostile.answer = answer;
    hostile.isEndless = false;
    let its = { status: 0 };
    const growth = await growthDuring(attacked, async () => {
      its = await call(attacked.port, `/?X-Offload-${kind}=a`);
    });
    expect(its.status).toBe(status);
    expect(growth).toBeLessThan(8 * MB);
  });

  test.each([
    ['HELLO', 'Celery', '%100000000\r\n'],
    ['a string', 'Celery', `${HELLO}>3\r\n$1000000000000\r\n`],
    ['entries', 'Rq', `${HELLO}${STREAM}*100000000\r\n`],
  ])('a reply without an end: %s', async (_, kind, answer) => {
    hostile.answer = `${answer}${'$6\r\naaaaaa\r\n'.repeat(1_000)}`;
    hostile.isEndless = true;
    let its = { status: 0 };
    const id = newId();
    const growth = await growthDuring(attacked, async () => {
      its = await call(attacked.port, `/?X-Offload-${kind}=${id}&X-Offload-Cancel=/jobs/${id}`);
    });
    expect([502, 503]).toContain(its.status);
    // 16 MB are received, and those on their way
    expect(growth).toBeLessThan(48 * MB);
    expect(attacked.errorLog()).toMatch(/offload: (Redis can't be used|"[^"]*" has no result)/);
  });

  test.each([
    ['null', 'null'],
    ['a list', '["a"]'],
    ['a number', '1'],
    ['no JSON', '{"a'],
    ['10,000 nested lists', nested(10_000)],
    ['80 KB', JSON.stringify({ a: 'x'.repeat(80_000) })],
  ])('headers of a stream that are %s: a 502, and the job is cancelled', async (_, headers) => {
    const id = newId();
    await redis.command('XADD', `offload:${id}`, '*', 'headers', headers, 'body', 'x');
    const path = `/?X-Offload-Stream=${id}&X-Offload-Cancel=/jobs/${id}`;
    expect((await call(nginx.port, path)).status).toBe(502);
    await until('the job is cancelled', () => app.cancelled.includes(`/jobs/${id}`));
    expect(nginx.errorLog()).toContain(`offload: "${id}" has no result: it `);
  });

  test.each([
    ['10,000 nested lists', `{"X-A": ${nested(10_000)}}`],
    ['an object named __proto__', '{"__proto__": {"x": 1}}'],
    ['a line break', '{"X-A": "1\\r\\nX-Accel-Redirect: /late.html"}'],
    ['nginx itself', '{"X-Accel-Redirect": "/x", "X-Offload-Outcome": "timeout"}'],
  ])('a header of a stream with %s does nothing', async (_, headers) => {
    const id = newId();
    await redis.command('XADD', `offload:${id}`, '*', 'headers', headers, 'body', 'x');
    const answer = await call(nginx.port, `/?X-Offload-Stream=${id}`);
    // 502: njs and QuickJS don't read JSON of any depth
    expect([200, 502]).toContain(answer.status);
    expect(Object.keys(answer.headers)).not.toContain('x-a');
    expect(Object.keys(answer.headers)).not.toContain('x-accel-redirect');
  });

  test.each([
    ['nested lists', nested(50_000)],
    ['a string without an end', '"'.concat('\\'.repeat(50_001))],
    ['half a character', '"\\ud800"'],
    ['a long number', '1'.repeat(50_000)],
    ['quotes', '"\\""'.repeat(20_000)],
  ])('a result of Celery that is or describes %s has an outcome', async (_, json) => {
    for (const result of [json, `{"status": 200, "headers": {}, "body": ${json}}`]) {
      const id = newId();
      await storeCelery(redis, id, 'SUCCESS', result);
      expect([200, 502]).toContain((await call(nginx.port, `/?X-Offload-Celery=${id}`)).status);
    }
  });

  test('nothing was thrown', () => {
    for (const its of [nginx, attacked]) {
      expect(its.errorLog()).not.toContain('exception');
      expect(its.severeErrors()).toEqual([]);
    }
  });
});
