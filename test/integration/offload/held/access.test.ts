/**
 * What a server {} has for all its requests, such as single sign-on (auth_request), copies (mirror) and lists of
 * addresses, is done once for a call: nginx runs it again in a named location and in post_action.
 */

import { SignallingApp } from '../../../../testkit/apps/signalling';
import { type Call, call, type OpenClient, openHttp1 } from '../../../../testkit/clients/client';
import { sleep, until } from '../../../../testkit/clients/until';
import { jobsLocation } from '../../../../testkit/servers/configuration';
import { describeShared, scrapeAt, valueIn } from '../../../../testkit/servers/metrics';
import { engines, freePort, Nginx, onRelease, stable } from '../../../../testkit/servers/nginx';
import { Redis, storeCelery } from '../../../../testkit/servers/redis';
import { Gate } from './gate';

const offloaded = `
            proxy_pass http://app;
            include offload/proxy.conf;`;

/** Who is let in: by an answer of another server, or by nginx itself. */
const gates = [
  [
    'proxy_pass',
    'proxy_pass http://gate/auth; proxy_pass_request_body off; proxy_set_header Content-Length "";',
  ],
  ['return', 'return 204;'],
] as const;

const withGate = (port: number, auth: string) => `
    server {
        listen 127.0.0.1:${port};
        include offload/server.conf;
        auth_request /auth;
        mirror /copy;
        location = /auth { internal; ${auth} }
        location = /copy { internal; proxy_pass http://gate/copy; }
        location / { ${offloaded} }
        location /short/ {
            set $offload_timeout 1s;
            ${offloaded}
        }
    }`;

/** Of each of the two worker processes. A client counts until its copy is answered. */
const LIMIT = 12;

/** A backend that is down, with a deadline. */
const withDeadline = (port: number) => `
    include offload/deadline/http.conf;
    server {
        listen 127.0.0.1:${port};
        include offload/server.conf;
        include offload/deadline/server.conf;
        auth_request /auth;
        mirror /copy;
        location = /auth { internal; proxy_pass http://gate/auth; }
        location = /copy { internal; proxy_pass http://gate/copy; }
        location / {
            include uwsgi_params;
            uwsgi_pass 127.0.0.1:1;
            include offload/deadline/uwsgi.conf;
            include offload/uwsgi.conf;
        }
    }`;

const polled = (id: string) =>
  `X-OffloadToPoller-Url=/poll&X-OffloadToPoller-Args=${id}&X-Offload-Cancel=/jobs/${id}`;
const onRedis = (id: string) => `X-Offload-Celery=${id}&X-Offload-Cancel=/jobs/${id}`;

describe.each(stable)(onRelease, (release) => {
  const app = new SignallingApp();
  const gate = new Gate();
  const ports: Record<string, number> = {};
  let redis: Redis;
  let nginx: Nginx;

  beforeAll(async () => {
    await Promise.all([app.start(), gate.start()]);
    redis = await Redis.start();
    const servers: string[] = [];
    for (const [kind, auth] of gates) {
      ports[kind] = await freePort();
      servers.push(withGate(ports[kind], auth));
    }
    ports.deadline = await freePort();
    servers.push(withDeadline(ports.deadline));
    nginx = await Nginx.start(release, {
      appPort: app.port,
      redisPort: redis.port,
      limits: [1000, LIMIT],
      http: `upstream gate { server 127.0.0.1:${gate.port} max_fails=0; } ${servers.join('')}`,
      waiter: jobsLocation,
    });
  });

  afterAll(async () => {
    await nginx?.stop();
    await redis?.stop();
    await Promise.all([app.stop(), gate.stop()]);
  });

  let names = 0;
  const newId = () => `job-${++names}`;

  /** How often the gate was asked, and had a copy, for so many calls. */
  const counted = async <T>(calls: number, run: () => Promise<T>) => {
    const [asked, copies] = [gate.asked, gate.copies];
    const result = await run();
    // nginx sends them beside the call
    await until('the copies are there', () => gate.copies - copies >= calls);
    return { result, asked: gate.asked - asked, copies: gate.copies - copies };
  };

  const statusOf = (line: string) =>
    nginx
      .accessLog()
      .filter((each) => each.includes(line))
      .map((each) => each.slice(0, 3));

  describe.each(gates.map(([kind]) => kind))('auth_request and mirror, with %s', (kind) => {
    const ask = (path: string, options?: Call) => call(ports[kind] as number, path, options);
    const askedFor = (calls: number) => (kind === 'return' ? 0 : calls);

    test.each([
      ['a result', 'result\n'],
      ['a large result', 'x'.repeat(1_500_000)],
    ])('one of each for a call with polls: %s', async (_, body) => {
      const id = newId();
      const answer = await counted(1, async () => {
        const answered = ask(`/?${polled(id)}`, { method: 'POST', body: 'some body' });
        await until('it is polled', () => app.polled.includes(`/poll/${id}/0`));
        app.results.set(id, body);
        return answered;
      });
      expect(answer).toMatchObject({
        result: { status: 200, body },
        asked: askedFor(1),
        copies: 1,
      });
    });

    test('one of each for a call on Redis, which is killed meanwhile', async () => {
      const id = newId();
      const answer = await counted(1, async () => {
        const answered = ask(`/?${onRedis(id)}`);
        await until('it is held', async () => (await redis.waiting()) === 1);
        await redis.kill();
        await redis.startAgain();
        await storeCelery(redis, id, 'SUCCESS', '"done"');
        return answered;
      });
      expect(answer).toMatchObject({
        result: { status: 200, body: '"done"' },
        asked: askedFor(1),
        copies: 1,
      });
    });

    test('one of each for a result on Redis with a long header', async () => {
      const id = newId();
      await storeCelery(
        redis,
        id,
        'SUCCESS',
        JSON.stringify({ status: 200, headers: { 'X-Long': 'x'.repeat(5000) }, body: 'long' }),
      );
      const answer = await counted(1, () => ask(`/?${onRedis(id)}`));
      expect(answer).toMatchObject({ result: { status: 200 }, asked: askedFor(1), copies: 1 });
      expect(answer.result.headers['x-long']).toHaveLength(5000);
    });

    test.each([
      ['polls', polled],
      ['Redis', onRedis],
    ])('each client that leaves a wait on %s cancels its job, and has a 499', async (_, signal) => {
      const ids = Array.from({ length: 5 }, newId);
      const seen = await counted(5, async () => {
        const clients: OpenClient[] = ids.map((id) =>
          openHttp1(ports[kind] as number, `/?${signal(id)}`),
        );
        await until('all are held', async () =>
          signal === polled
            ? ids.every((id) => app.polled.includes(`/poll/${id}/0`))
            : (await redis.waiting()) === ids.length,
        );
        for (const client of clients) {
          client.disconnect('FIN');
        }
        await until('all are cancelled', () =>
          ids.every((id) => app.cancelled.includes(`/jobs/${id}`)),
        );
        await until('all are logged', () => ids.every((id) => statusOf(id).length > 0));
      });
      expect(ids.map((id) => statusOf(`/jobs/${id}`))).toEqual(ids.map(() => ['499']));
      expect(seen).toMatchObject({ asked: askedFor(5), copies: 5 });
      // not twice
      await sleep(500);
      expect(
        ids.map((id) => app.cancelled.filter((path) => path === `/jobs/${id}`).length),
      ).toEqual(ids.map(() => 1));
    });

    test.each([
      ['polls', polled],
      ['Redis', onRedis],
    ])('a timeout of a wait on %s is a 504, and cancels the job', async (_, signal) => {
      const id = newId();
      const answer = await counted(1, () => ask(`/short/?${signal(id)}`));
      expect(answer).toMatchObject({ result: { status: 504 }, asked: askedFor(1), copies: 1 });
      await until('it is cancelled', () => app.cancelled.includes(`/jobs/${id}`));
    });

    test('past a limit: a 503 at once, and the job is cancelled', async () => {
      const copies = gate.copies;
      const held = Array.from({ length: LIMIT }, newId);
      const clients = held.map((id) => openHttp1(ports[kind] as number, `/?${onRedis(id)}`));
      await until('all are held', async () => (await redis.waiting()) === held.length);
      await until('their copies are there', () => gate.copies - copies >= LIMIT);
      const id = newId();
      const answers = await counted(LIMIT + 1, () =>
        // more than both processes may hold
        Promise.all(Array.from({ length: LIMIT + 1 }, () => ask(`/short/?${polled(id)}`))),
      );
      expect(answers.result.map(({ status }) => status)).toContain(503);
      expect(answers).toMatchObject({ asked: askedFor(LIMIT + 1), copies: LIMIT + 1 });
      await until('it is cancelled', () => app.cancelled.includes(`/jobs/${id}`));
      for (const client of clients) {
        client.disconnect('FIN');
      }
      await until('they have left', async () => (await redis.waiting()) === 0);
    });
  });

  test.each([
    ['POST', 1],
    // once more, as nginx finds its location again (docs/deadline.md)
    ['GET', 2],
  ])(
    'one of each for a %s to a backend that is down, where it is not retried',
    async (method, times) => {
      const answer = await counted(times, () => call(ports.deadline as number, '/', { method }));
      expect(answer).toMatchObject({ result: { status: 502 }, asked: times, copies: times });
    },
  );

  describe('auth_request', () => {
    const ask = (path: string, options?: Call) => call(ports.proxy_pass as number, path, options);

    afterEach(() => {
      gate.isShut = false;
    });

    test.each(['out', 'out slow'])(
      'who is refused has a 401 and calls nothing: %s',
      async (who) => {
        const id = newId();
        const answer = await ask(`/?${polled(id)}`, { headers: { Cookie: `gate=${who}` } });
        expect(answer.status).toBe(401);
        await sleep(300);
        expect(app.polled.filter((path) => path.includes(id))).toEqual([]);
      },
    );

    test('a client that leaves before it is let in calls nothing', async () => {
      const id = newId();
      const asked = gate.asked;
      const left = ask(`/?${polled(id)}`, { headers: { Cookie: 'gate=slow' }, timeout: 200 });
      await expect(left).rejects.toThrow('timeout');
      expect(gate.asked).toBe(asked + 1);
      await sleep(800);
      expect(app.polled.filter((path) => path.includes(id))).toEqual([]);
    });

    test('whose session ends while he is held has his result, and may leave', async () => {
      const [waits, leaves] = [newId(), newId()];
      const answered = ask(`/?${polled(waits)}`);
      const client = openHttp1(ports.proxy_pass as number, `/?${polled(leaves)}`);
      await until('both are held', () =>
        [waits, leaves].every((id) => app.polled.includes(`/poll/${id}/0`)),
      );
      gate.isShut = true;
      client.disconnect('FIN');
      await until('it is cancelled', () => app.cancelled.includes(`/jobs/${leaves}`));
      app.results.set(waits, 'his');
      expect(await answered).toMatchObject({ status: 200, body: 'his' });
    });
  });
});

describe.each(stable)(onRelease, (release) => {
  const app = new SignallingApp();
  let nginx: Nginx;

  beforeAll(() => app.start());
  afterAll(() => app.stop());
  afterEach(async () => {
    await nginx.stop();
    app.polled.length = 0;
    app.cancelled.length = 0;
  });

  /** Users in the file have the password "secret". */
  const users = 'user:{PLAIN}secret\n';
  const Authorization = `Basic ${Buffer.from('user:secret').toString('base64')}`;

  test.each([
    ['a location that lets in whom its server refuses', 'deny all;', 'allow all;', {}],
    [
      'satisfy any',
      'satisfy any; deny all; auth_basic x; auth_basic_user_file /var/log/offload/users;',
      '',
      { Authorization },
    ],
    [
      'a password',
      'auth_basic x; auth_basic_user_file /var/log/offload/users;',
      '',
      { Authorization },
    ],
  ])('%s: the call is held, and can be cancelled', async (_, server, location, headers) => {
    nginx = await Nginx.start(release, {
      appPort: app.port,
      server,
      location,
      waiter: jobsLocation,
      files: { users },
    });
    const answered = call(nginx.port, `/?${polled('held')}`, { headers });
    await until('it is polled', () => app.polled.length > 0);
    app.results.set('held', 'let in');
    expect(await answered).toMatchObject({ status: 200, body: 'let in' });

    const left = call(nginx.port, `/?${polled('left')}`, { headers, timeout: 700 });
    await expect(left).rejects.toThrow('timeout');
    await until('it is cancelled', () => app.cancelled.length > 0);
  });
});

describeShared(engines, (release) => {
  const app = new SignallingApp();
  const gate = new Gate();
  let nginx: Nginx;
  let metricsPort: number;
  let port: number;

  beforeAll(async () => {
    await Promise.all([app.start(), gate.start()]);
    metricsPort = await freePort();
    port = await freePort();
    nginx = await Nginx.start(release, {
      appPort: app.port,
      http: `
    include offload/metrics/http.conf;
    include offload/metrics/count.conf;
    upstream gate { server 127.0.0.1:${gate.port}; }
    ${withGate(port, 'proxy_pass http://gate/auth;')}
    server {
        listen 127.0.0.1:${metricsPort};
        include offload/metrics/server.conf;
    }`,
      waiter: jobsLocation,
    });
  });

  afterAll(async () => {
    await nginx?.stop();
    await Promise.all([app.stop(), gate.stop()]);
  });

  test('metrics: who has left is held no longer, and a cancel counts if it was sent', async () => {
    const signals = [
      ...['a', 'b', 'c'].map(polled),
      // refused by the waiter
      polled('d').replace('=/jobs/', '=/jobs//'),
      polled('e').replace('=/jobs/e', ''),
    ];
    const clients = signals.map((signal) => openHttp1(port, `/?${signal}`));
    const value = async (series: string) => valueIn(await scrapeAt(metricsPort), series);
    const held = 'offload_held_requests{route="other"}';
    await until('all are held', async () => (await value(held)) === signals.length);
    for (const client of clients) {
      client.disconnect('FIN');
    }
    const left = 'offload_held_requests_total{route="other",outcome="disconnected"}';
    await until('all are counted', async () => (await value(left)) === signals.length);
    expect(await value(held)).toBeNaN();
    expect(await value('offload_cancels_total{route="other"}')).toBe(3);
    await until('three are cancelled', () => app.cancelled.length === 3);
  });
});
