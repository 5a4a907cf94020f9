/** The cache with the offload: one job for all waiting requests, and what happens when it fails. */

import net from 'node:net';
import { openHttp1, openHttp2 } from '../../../testkit/clients/client';
import { sleep, until } from '../../../testkit/clients/until';
import { type CachedSite, startCachedSite } from '../../../testkit/servers/cached';
import { onRelease, stable } from '../../../testkit/servers/nginx';

describe.each(stable)(onRelease, (release) => {
  let site: CachedSite;
  let count = 0;
  const pathOf = (length: number, more = '') => `/slow/${++count}?length=${length}${more}`;
  const callsOf = (path: string) => site.app.callsOf(path.split('?')[0] as string).length;
  const all = (path: string, number: number) =>
    Promise.all(Array.from({ length: number }, () => site.ask(path)));

  beforeAll(async () => {
    site = await startCachedSite(release, {
      server: `
        location /slow/hasty/ {
            proxy_cache_valid 200 10m;
            include offload/cache/location.conf;
        }
        location /reports/short/ {
            proxy_cache_valid 200 1s;
            include offload/cache/location.conf;
        }
        location /slow/impatient/ {
            proxy_cache_valid 200 10m;
            proxy_cache_lock_age 1s;
            proxy_cache_lock_timeout 1s;
            include offload/cache/location.conf;
        }`,
      // those of http {} are not for the cache
      http: `
    proxy_cache_lock_age 1s; proxy_cache_lock_timeout 1s;
    proxy_cache_use_stale off; proxy_cache_background_update off;
    map $request_uri $offload_timeout {
        default     60s;
        ~^/slow/hasty/ 2s;
    }`,
    });
  });

  afterAll(async () => {
    await site?.stop();
  });

  test('100 requests for the same slow report wait for one job', async () => {
    const path = pathOf(2000);
    const answers = await all(path, 100);
    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
    expect(callsOf(path)).toBe(1);
    expect(await site.ask(path)).toMatchObject({ cache: 'HIT' });
  });

  test.each([
    ['HTTP/1.1', openHttp1, () => site.nginx.port],
    ['HTTP/2', openHttp2, () => site.http2Port],
  ])('the first visitor leaves: the job goes on for the others (%s)', async (_, open, port) => {
    const path = pathOf(2000);
    // Host is in the key
    const Host = port() === site.nginx.port ? 'localhost' : `127.0.0.1:${port()}`;
    const first = open(port(), path);
    await until('the job is there', () => callsOf(path) === 1);
    const others = Promise.all([1, 2, 3].map(() => site.ask(path, { headers: { Host } })));
    await sleep(200);
    first.disconnect('FIN');
    expect((await others).map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(callsOf(path)).toBe(1);
  });

  test('a client with a session that leaves has its job cancelled, and a 499 in the log', async () => {
    const path = pathOf(20_000);
    const cancelled = site.app.cancelled.length;
    const socket = net.connect(site.nginx.port, '127.0.0.1');
    socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nCookie: session=1\r\n\r\n`);
    await until('the job is there', () => callsOf(path) === 1);
    await sleep(500);
    socket.destroy();
    await until('the job is cancelled', () => site.app.cancelled.length === cancelled + 1);
    await until('the log has it', () =>
      site.nginx.accessLog().some((line) => line.startsWith('499') && line.includes(path)),
    );
  });

  test('past the timeout all waiting requests get the 504, and the next one starts a job', async () => {
    const path = `/slow/hasty/${++count}?length=60000`;
    const answers = await all(path, 20);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([504]));
    expect(callsOf(path)).toBe(1);
    await sleep(2100);
    const before = callsOf(path);
    await site.ask(path);
    expect(callsOf(path)).toBe(before + 1);
  });

  test('a job that fails does so once for all waiting requests, and nothing is stored', async () => {
    const path = pathOf(1500, '&status=500');
    const answers = await all(path, 5);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([500]));
    expect(callsOf(path)).toBe(1);
    expect((await site.ask(path)).cache).toBe('MISS');
    expect(callsOf(path)).toBe(2);
  });

  test('past proxy_cache_lock_age there is one more job, and all requests are answered', async () => {
    const path = `/slow/impatient/${++count}?length=2500`;
    const answers = await all(path, 3);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(callsOf(path)).toBeGreaterThan(1);
  });

  test('a result with Set-Cookie is served only to the request that started the job', async () => {
    const path = pathOf(100, `&headers=${encodeURIComponent('[["Set-Cookie","a=1"]]')}`);
    const answers = await all(path, 3);
    expect(new Set(answers.map(({ body }) => body)).size).toBe(3);
    expect(callsOf(path)).toBe(3);
  });

  test('the app is down: stale answers, and a 502 where there is none', async () => {
    const path = `/reports/short/${++count}`;
    const first = await site.ask(path);
    await site.app.stop();
    await sleep(2100);
    const stale = await all(path, 5);
    expect(stale.map(({ status, body }) => [status, body])).toEqual(
      stale.map(() => [200, first.body]),
    );
    expect((await site.ask(`/reports/${++count}`)).status).toBe(502);
    expect((await site.ask(path, { headers: { Cookie: 'session=1' } })).status).toBe(502);
    await site.app.start();
    await until('it is updated', async () => (await site.ask(path)).body !== first.body);
  });

  test('a reload keeps the cache and the requests that wait for it', async () => {
    const path = pathOf(2500);
    const waiting = all(path, 5);
    await until('the job is there', () => callsOf(path) === 1);
    await site.nginx.run('nginx', '-s', 'reload');
    expect((await waiting).map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    await until('the new one serves', async () => (await site.ask(path)).cache === 'HIT');
    expect(callsOf(path)).toBe(1);
  });
});
