/** Redis as it is run: with a user, a database, a prefix and TLS; and Valkey. */

import { readFileSync } from 'node:fs';
import { SignallingApp } from '../../../../testkit/apps/signalling';
import { call } from '../../../../testkit/clients/client';
import { until } from '../../../../testkit/clients/until';
import { selfSigned } from '../../../../testkit/machines/certificate';
import { engines, Nginx, onRelease } from '../../../../testkit/servers/nginx';
import { celeryMeta, Redis, type RedisOptions } from '../../../../testkit/servers/redis';

const certificate = selfSigned();

/** For stream {}, from docs/redis.md. */
const [, dollar = ''] =
  /`(geo \$dollar .*?)` in `stream \{\}`/.exec(readFileSync('docs/redis.md', 'utf8')) ?? [];

/** A user that may do no more than a wait does. */
const USER = [
  ...['--user', 'default', 'on', '>root', '~*', '&*', '+@all'],
  ...['--user', 'nginx', 'on', '>secret', '~shop:*', '&shop:*'],
  ...['+hello', '+select', '+get', '+subscribe', '+xread'],
];

const SERVERS: [name: string, options: RedisOptions, directives: string, prefix: string][] = [
  ['Redis', {}, '', ''],
  ['Valkey', { program: 'valkey' }, '', ''],
  ['a database', { client: { db: 3 } }, 'set $offload_redis_database 3;', ''],
  [
    'a user, a database and a prefix',
    { options: USER, client: { db: 2, password: 'root' } },
    `set $offload_redis_user nginx;
     set $offload_redis_password secret;
     set $offload_redis_database 2;
     set $offload_redis_prefix shop:;`,
    'shop:',
  ],
  [
    'a password that is not ASCII, with a $',
    {
      options: ['--requirepass', 'pä$$"wörd€'],
      client: { password: 'pä$$"wörd€' },
    },
    'set $offload_redis_password "pä$dollar$dollar\\"wörd€";',
    '',
  ],
  [
    'TLS',
    {
      files: {
        '/etc/redis/key.pem': certificate.files['key.pem'] as string,
        '/etc/redis/certificate.pem': certificate.files['certificate.pem'] as string,
      },
      options: [
        ...[
          '--tls-key-file',
          '/etc/redis/key.pem',
          '--tls-cert-file',
          '/etc/redis/certificate.pem',
        ],
        ...['--tls-ca-cert-file', '/etc/redis/certificate.pem', '--tls-auth-clients', 'no'],
      ],
      client: { tls: { rejectUnauthorized: false } },
    },
    `proxy_ssl on;
     proxy_ssl_verify on;
     proxy_ssl_name localhost;
     proxy_ssl_trusted_certificate /var/log/offload/certificate.pem;`,
    '',
  ],
];

describe.each(engines)(onRelease, (release) => {
  const app = new SignallingApp();

  beforeAll(() => app.start());
  afterAll(() => app.stop());

  test.each(SERVERS)('%s', async (_, options, directives, prefix) => {
    const redis = await Redis.start(options);
    const nginx = await Nginx.start(release, {
      appPort: app.port,
      redisPort: redis.port,
      redis: directives,
      stream: dollar,
      files: certificate.files,
    });
    const celery = call(nginx.port, '/?X-Offload-Celery=a');
    const stream = call(nginx.port, '/?X-Offload-Stream=a');
    await until('both wait', async () => (await redis.waiting()) === 2);
    const key = `${prefix}celery-task-meta-a`;
    await redis.command('SET', key, celeryMeta('a', 'SUCCESS', '"stored"'));
    await redis.command('PUBLISH', key, celeryMeta('a', 'SUCCESS', '"published"'));
    await redis.command('XADD', `${prefix}offload:a`, '*', 'body', 'added');
    expect([(await celery).body, (await stream).body]).toEqual(['"published"', 'added']);
    // of that database, and under that prefix
    expect((await call(nginx.port, '/?X-Offload-Celery=a')).body).toBe('"stored"');
    await nginx.stop();
    await redis.stop();
  });

  test.each([
    ['a wrong password', 'set $offload_redis_password wrong;', 'WRONGPASS'],
    ['no password', '', 'NOAUTH'],
    [
      'a user that may not read the key',
      'set $offload_redis_user nginx; set $offload_redis_password secret;',
      'NOPERM',
    ],
  ])('%s is a 503, and the log has what Redis replied', async (_, directives, error) => {
    const redis = await Redis.start({ options: USER, client: { password: 'root' } });
    const nginx = await Nginx.start(release, {
      appPort: app.port,
      redisPort: redis.port,
      redis: directives,
    });
    expect((await call(nginx.port, '/?X-Offload-Celery=a')).status).toBe(503);
    expect(nginx.errorLog()).toContain(`offload: Redis can't be used: it replied "${error}`);
    expect(nginx.errorLog()).not.toContain('secret');
    await nginx.stop();
    await redis.stop();
  });
});
