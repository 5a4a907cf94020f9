/** Calls with the same Idempotency-Key whose result is waited for on Redis. */

import { type Call, call } from '../../../../testkit/clients/client';
import { until } from '../../../../testkit/clients/until';
import { ends, onRelease } from '../../../../testkit/servers/nginx';
import { Redis, storeCelery } from '../../../../testkit/servers/redis';
import { Operations } from '../accepted/operations';

describe.each(ends)(onRelease, (release) => {
  let redis: Redis;
  let api: Operations;

  beforeAll(async () => {
    redis = await Redis.start();
    api = await Operations.start(release, () => ({
      redisPort: redis.port,
      http: 'include offload/join/http.conf;',
      server: `
        include offload/join/server.conf;
        location /signal/ {
            proxy_pass http://app;
            include offload/proxy.conf;
            include offload/join/location.conf;
        }`,
      waiter: `
        include offload/join/waiter.conf;
        location /signal/ { proxy_pass http://app; include offload/operation.conf; }`,
    }));
  });

  afterAll(async () => {
    await api?.stop();
    await redis?.stop();
  });

  test('a second one joins, and one that comes after the result has it', async () => {
    const id = `${release.release}-${release.engine}`;
    api.script('/signal/new', { status: 418, headers: { 'X-Offload-Celery': id } });
    const options: Call = { method: 'POST', body: 'x', headers: { 'Idempotency-Key': 'k' } };
    const start = () => call(api.nginx.port, '/signal/new', options);
    const answers = [start(), start()];
    await until('both wait', async () => (await redis.waiting()) === 2);
    await storeCelery(redis, id, 'SUCCESS', '"done"');
    for (const { status, body } of [...(await Promise.all(answers)), await start()]) {
      expect([status, body]).toEqual([200, '"done"']);
    }
    expect(api.seen('/signal/new').length).toBe(1);
  });
});
