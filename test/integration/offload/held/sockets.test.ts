/** The folder of the private sockets: nginx makes it for its own user alone, but keeps the mode of one that is there. */

import { SignallingApp } from '../../../../testkit/apps/signalling';
import { call } from '../../../../testkit/clients/client';
import { until } from '../../../../testkit/clients/until';
import { Nginx, onRelease, stable } from '../../../../testkit/servers/nginx';
import { Redis, storeCelery } from '../../../../testkit/servers/redis';

const FOLDER = '/run/nginx-offload';

const started = (mode: string, step: string) => [
  'sh',
  '-ec',
  `mkdir ${FOLDER}; chmod ${mode} ${FOLDER}; ${step} exec nginx -g 'daemon off;'`,
];

describe.each(stable)(onRelease, (release) => {
  const app = new SignallingApp();
  let redis: Redis;
  let nginx: Nginx;

  beforeAll(async () => {
    await app.start();
    redis = await Redis.start();
  });

  afterAll(async () => {
    await redis?.stop();
    await app.stop();
  });

  afterEach(() => nginx?.stop());

  const start = async (entrypoint?: string[]) => {
    nginx = await Nginx.start(release, { appPort: app.port, redisPort: redis.port }, entrypoint);
  };

  const access = async () => (await nginx.outputOf('stat', '-c', '%a %U', FOLDER)).trim();

  /** A call with polls and one on Redis. */
  const offload = async () => {
    const polled = call(nginx.port, '/?X-OffloadToPoller-Url=/poll&X-OffloadToPoller-Args=a');
    await until('it is polled', () => app.polled.length > 0);
    app.results.set('a', 'result');
    expect((await polled).body).toBe('result');
    app.results.clear();
    app.polled.length = 0;
    await storeCelery(redis, 'a', 'SUCCESS', '"stored"');
    expect((await call(nginx.port, '/?X-Offload-Celery=a')).body).toBe('"stored"');
  };

  const complaints = () =>
    nginx
      .errorLog()
      .split('\n')
      .filter((line) => line.includes('other users can reach the sockets'));

  test('one that nginx makes is closed', async () => {
    await start();
    await offload();
    expect(await access()).toBe('700 www-data');
    expect(complaints()).toEqual([]);
  });

  test.each(['755', '1777'])('mode %s stays, and the error log says so', async (mode) => {
    await start(started(mode, ''));
    await offload();
    expect(await access()).toBe(`${mode} www-data`);
    const line = `offload: other users can reach the sockets: ${FOLDER} has mode ${mode.slice(-3)}`;
    await until('both calls are logged', () => complaints().length === 2);
    expect(complaints()).toEqual([expect.stringContaining(line), expect.stringContaining(line)]);
  });

  test('a group that has access is reported, but for that of root', async () => {
    await start(started('770', `chgrp games ${FOLDER};`));
    await offload();
    await until('both calls are logged', () => complaints().length === 2);
    expect(complaints()[0]).toContain(`${FOLDER} has mode 770`);
    await nginx.stop();
    await start(started('770', ''));
    await offload();
    expect(complaints()).toEqual([]);
  });

  test.each(['755', '1777', '2777'])('mode %s is closed by sockets.sh', async (mode) => {
    await start(started(mode, '/etc/nginx/offload/service/sockets.sh;'));
    await offload();
    expect(await access()).toBe('700 www-data');
    expect(complaints()).toEqual([]);
  });
});
