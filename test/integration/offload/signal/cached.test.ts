/** A signal is not served from a cache: the app's location may have one of its own, as nginx's users have. */

import { RawApp, type RawRequest } from '../../../../testkit/apps/raw';
import { call } from '../../../../testkit/clients/client';
import { Comparison } from '../../../../testkit/clients/comparison';
import { until } from '../../../../testkit/clients/until';
import { Nginx, onRelease, stable } from '../../../../testkit/servers/nginx';
import { Redis, storeCelery } from '../../../../testkit/servers/redis';
import { protocols } from '../../../../testkit/servers/uwsgi';

const SIGNALS: [name: string, lines: string[]][] = [
  ['no line about caches', []],
  ['max-age', ['Cache-Control: max-age=600']],
  ['Expires', ['Expires: Thu, 31 Dec 2037 00:00:00 GMT']],
  ['X-Accel-Expires', ['X-Accel-Expires: 600']],
];
const VALID = ['any 10m', '418 10m', '200 10m'];

const response = (first: string, lines: string[], body: string) =>
  [`HTTP/1.1 ${first}`, ...lines, `Content-Length: ${body.length}`, '', body].join('\r\n');

describe.each(stable)(onRelease, (release) => {
  describe.each(protocols)('%s_cache', (protocol) => {
    let comparison: Comparison;

    beforeAll(async () => {
      comparison = await Comparison.start(
        release,
        {
          http: `${protocol}_cache_path /var/cache/nginx-own levels=1:2 keys_zone=own:1m;`,
          location: `
            ${protocol}_cache own;
            ${protocol}_cache_key $request_uri;
            ${protocol}_cache_valid any 10m;`,
        },
        protocol,
      );
    });

    afterAll(() => comparison?.stop());

    test.each(SIGNALS)('each of three calls is offloaded; the signal has %s', async (_, signal) => {
      comparison.app.script('7', { pieces: [response('200 OK', [], 'the result')], signal });
      const before = comparison.app.seen.length;
      for (let i = 0; i < 3; i++) {
        expect(
          await call(comparison.nginx.port, `/job/7?${encodeURIComponent(`${signal}`)}`),
        ).toMatchObject({
          status: 200,
          body: 'the result',
        });
      }
      const calls = comparison.app.seen.slice(before).filter((each) => each.endsWith('/job/7'));
      expect(calls).toHaveLength(3);
    });
  });

  describe('a location with a cache', () => {
    const answer = ({ uri }: RawRequest): Buffer => {
      const { pathname, searchParams } = new URL(uri, 'http://app');
      const lines = searchParams.getAll('line');
      if (pathname.startsWith('/poll/')) {
        return Buffer.from(response('200 OK', [], `the result of ${pathname}`));
      }
      return pathname.startsWith('/page')
        ? Buffer.from(response('200 OK', lines, `page ${app.seen.length}`))
        : Buffer.from(response(searchParams.get('status') ?? '418 Queued', lines, ''));
    };
    const app = new RawApp(answer);
    let redis: Redis;
    let nginx: Nginx;
    let last = 0;
    const fresh = (path: string, lines: string[], more: Record<string, string> = {}) => {
      const query = new URLSearchParams(more);
      for (const line of [...lines, `X-N: ${++last}`]) {
        query.append('line', line);
      }
      return `${path}?${query}`;
    };
    const POLL = ['X-OffloadToPoller-Url: /poll/a%20b'];
    const ask = async (path: string) => {
      const { status, headers, body } = await call(nginx.port, path);
      return [status, headers['own-cache'], body];
    };

    beforeAll(async () => {
      await app.start();
      redis = await Redis.start();
      const location = (path: string, lines: string) => `
        location ${path} {
            proxy_cache own;
            ${lines}
            add_header Own-Cache $upstream_cache_status always;
            proxy_pass http://app;
            include offload/proxy.conf;
        }`;
      nginx = await Nginx.start(release, {
        appPort: app.port,
        redisPort: redis.port,
        http: 'proxy_cache_path /var/cache/nginx-own levels=1:2 keys_zone=own:1m;',
        server: [
          ...VALID.map((valid, i) => location(`/valid${i}/`, `proxy_cache_valid ${valid};`)),
          location('/page/', 'proxy_cache_valid any 10m;'),
          location('/own/', 'proxy_cache_valid any 10m; proxy_cache_bypass $arg_own;'),
          location(
            '/both/',
            'proxy_cache_valid any 10m; proxy_cache_bypass $arg_own $offload_uncached;',
          ),
          // the app signals with another status
          `location /accel/ {
              proxy_cache own;
              proxy_cache_valid any 10m;
              proxy_pass http://app;
          }`,
        ].join('\n'),
      });
    });

    afterAll(async () => {
      await nginx?.stop();
      await redis?.stop();
      await app.stop();
    });

    const calledTwice = async (path: string) => {
      const before = app.seen.length;
      const answers = [await ask(path), await ask(path), await ask(path)];
      const calls = app.seen.slice(before).filter(({ uri }) => !uri.startsWith('/poll/'));
      expect(calls.map(({ uri }) => uri)).toEqual([path, path, path]);
      return answers;
    };

    test.each(VALID.flatMap((valid, i) => SIGNALS.map(([name, lines]) => [valid, name, i, lines])))(
      'valid: %s, a signal with %s: each call is offloaded',
      async (_, __, i, lines) => {
        const path = fresh(`/valid${i}/x`, [...POLL, ...(lines as string[])]);
        for (const [status, , body] of await calledTwice(path)) {
          expect([status, body]).toEqual([200, 'the result of /poll/a%20b/0']);
        }
      },
    );

    test('the app sees the same path as before', async () => {
      await calledTwice(fresh('/valid0/a%3Fb%25c%20d/%C3%A4%23/', POLL));
    });

    test('a signal that names a result in Redis', async () => {
      await storeCelery(redis, 'id-1', 'SUCCESS', '[1]');
      const path = fresh('/valid0/x', ['X-Offload-Celery: id-1']);
      for (const [status, , body] of await calledTwice(path)) {
        expect([status, body]).toEqual([200, '[1]']);
      }
    });

    test('a signal by X-Accel-Redirect', async () => {
      const lines = [...POLL, 'X-Accel-Redirect: @offload', 'Cache-Control: max-age=600'];
      for (const status of ['200 OK', '404 Not Found']) {
        const path = fresh('/accel/x', lines, { status });
        for (const [code, , body] of await calledTwice(path)) {
          expect([code, body]).toEqual([200, 'the result of /poll/a%20b/0']);
        }
      }
    });

    test('all other answers are cached as ever', async () => {
      const path = fresh('/page/x', []);
      expect((await ask(path))[1]).toBe('MISS');
      // nginx may store it after the client has it
      await until('it is cached', async () => (await ask(path))[1] === 'HIT');
    });

    test('a *_cache_bypass of its own needs $offload_uncached, and the error log says so', async () => {
      for (const [status, , body] of await calledTwice(fresh('/both/x', POLL))) {
        expect([status, body]).toEqual([200, 'the result of /poll/a%20b/0']);
      }
      const path = fresh('/own/x', POLL);
      expect((await ask(path))[0]).toBe(200);
      expect((await ask(path))[0]).toBe(500);
      expect(nginx.errorLog()).toContain('rewrite or internal redirection cycle');
      expect((await ask(`${path}&own=1`))[0]).toBe(200);
    });
  });
});
