/** Redis's primary fails and a replica is promoted, with its name in DNS: as docs/redis.md says. */

import { readFileSync } from 'node:fs';
import { SignallingApp } from '../../../../testkit/apps/signalling';
import { call } from '../../../../testkit/clients/client';
import { until } from '../../../../testkit/clients/until';
import { ends, Nginx, onRelease } from '../../../../testkit/servers/nginx';
import { Redis, storeCelery } from '../../../../testkit/servers/redis';
import { Dns } from './dns';

const [PRIMARY, REPLICA] = ['127.0.0.1', '127.0.0.2'] as const;

/** The directives of the documented server {}, below its include. */
const [, documented = ''] =
  /```nginx\nserver \{\n *include offload\/redis\/waiter.conf;\n( *resolver .*?)\}\n```/s.exec(
    readFileSync('docs/redis.md', 'utf8'),
  ) ?? [];

describe.each(ends)(onRelease, (release) => {
  const app = new SignallingApp();
  const started: { stop(): Promise<unknown> }[] = [app];
  const running = async <T extends { stop(): Promise<unknown> }>(starting: Promise<T>) => {
    const its = await starting;
    started.push(its);
    return its;
  };

  afterAll(() => Promise.all(started.map((each) => each.stop())));

  test('held clients and new ones follow the name', async () => {
    await app.start();
    const primary = await running(Redis.start({ host: PRIMARY }));
    const { port } = primary;
    const options = ['--replicaof', PRIMARY, String(port)];
    const replica = await running(Redis.start({ host: REPLICA, port, options }));
    await until('it is a replica', async () => (await replica.info('master_link_status')) === 'up');
    const dns = await running(Dns.start('redis-primary.internal', PRIMARY));
    const directives = documented
      .replace('10.0.0.2', `127.0.0.1:${dns.port}`)
      .replace(':6379', `:${port}`)
      .replace('proxy_pass $redis;', '');
    expect(directives).toContain(`set $redis redis-primary.internal:${port};`);
    const nginx = await running(
      Nginx.start(release, {
        appPort: app.port,
        redisPort: port,
        redisPass: '$redis',
        redis: directives,
      }),
    );
    const held = ['Celery', 'Stream', 'Rq'].map((kind) =>
      call(nginx.port, `/?X-Offload-${kind}=held`),
    );
    await until('they wait at the primary', async () => (await primary.waiting()) === 3);

    await primary.kill();
    await replica.command('REPLICAOF', 'NO', 'ONE');
    await dns.move(REPLICA);
    await until('they wait at the other', async () => (await replica.waiting()) === 3);
    await storeCelery(replica, 'held', 'SUCCESS', '"celery"');
    await replica.command('XADD', 'offload:held', '*', 'body', 'stream');
    await replica.command('XADD', 'rq:results:held', '*', 'type', '1', 'return_value', 'MQ==');
    expect((await Promise.all(held)).map(({ body }) => body)).toEqual(['"celery"', 'stream', '1']);

    await storeCelery(replica, 'new', 'SUCCESS', '2');
    expect(await call(nginx.port, '/?X-Offload-Celery=new')).toMatchObject({ body: '2' });
  });
});
