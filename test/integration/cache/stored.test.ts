/** Which answers are stored, under which key, and how they are served. */

import { rawCall } from '../../../testkit/clients/raw';
import { sleep, until } from '../../../testkit/clients/until';
import { type CachedSite, startCachedSite } from '../../../testkit/servers/cached';
import { onRelease, stable } from '../../../testkit/servers/nginx';

describe.each(stable)(onRelease, (release) => {
  let site: CachedSite;
  let count = 0;
  /** A path that was not requested before. */
  const fresh = (knobs: Record<string, string> = {}) =>
    `/reports/${++count}?${new URLSearchParams(knobs)}`;
  const answering = (...lines: [string, string][]) => fresh({ headers: JSON.stringify(lines) });
  const statuses = async (path: string, times = 2) => {
    const found: (string | undefined)[] = [];
    for (let i = 0; i < times; i++) {
      found.push((await site.ask(path)).cache);
    }
    return found;
  };

  beforeAll(async () => {
    site = await startCachedSite(release, {
      server: `
        location /reports/silent/ {
            include offload/cache/location.conf;
        }
        location /reports/short/ {
            proxy_cache_valid 200 1s;
            include offload/cache/location.conf;
        }
        location /reports/language/ {
            set $offload_cache_variant $arg_language;
            proxy_cache_valid 200 10m;
            include offload/cache/location.conf;
        }`,
    });
  });

  afterAll(async () => {
    await site?.stop();
  });

  const NEVER: [string, [string, string][]][] = [
    ['Set-Cookie', [['Set-Cookie', 'a=1']]],
    ['Cache-Control: private', [['Cache-Control', 'private']]],
    ['no-store', [['Cache-Control', 'max-age=60, no-store']]],
    ['no-cache', [['Cache-Control', 'no-cache']]],
    ['max-age=0', [['Cache-Control', 'max-age=0']]],
    [
      'private in a second line',
      [
        ['Cache-Control', 'max-age=60'],
        ['Cache-Control', 'Private'],
      ],
    ],
    [
      'private in the first of two lines',
      [
        ['Cache-Control', 'private'],
        ['Cache-Control', 'public, max-age=60'],
      ],
    ],
    [
      'private, whatever X-Accel-Expires says',
      [
        ['X-Accel-Expires', '60'],
        ['Cache-Control', 'private'],
      ],
    ],
    ['Expires in the past', [['Expires', 'Tue, 24 Nov 2020 00:00:00 GMT']]],
    ['Expires: 0', [['Expires', '0']]],
    ['Vary: *', [['Vary', '*']]],
    ['Vary: Accept-Language', [['Vary', 'Accept-Language']]],
    [
      'Vary in a second line',
      [
        ['Vary', 'Cookie'],
        ['Vary', 'Origin'],
      ],
    ],
    ['Content-Encoding', [['Content-Encoding', 'gzip']]],
  ];
  test.each(NEVER)('never stored: %s', async (_, lines) => {
    expect(await statuses(answering(...lines), 3)).toEqual(['MISS', 'MISS', 'MISS']);
  });

  const STORED: [string, [string, string][]][] = [
    ['Vary: Cookie, Accept-Encoding', [['Vary', 'Cookie, accept-encoding']]],
    ['max-age', [['Cache-Control', 'public, max-age=60']]],
  ];
  test.each(STORED)('stored: %s', async (_, lines) => {
    expect(await statuses(answering(...lines))).toEqual(['MISS', 'HIT']);
  });

  test.each(['201', '301', '404', '403'])(
    'a %s is not stored where proxy_cache_valid names only 200',
    async (status) => {
      const path = fresh({ status });
      expect(await statuses(path)).toEqual(['MISS', 'MISS']);
      expect((await site.ask(path)).status).toBe(Number(status));
    },
  );

  test('without proxy_cache_valid only what the app allows is stored', async () => {
    expect(await statuses(`/reports/silent/${++count}`)).toEqual(['MISS', 'MISS']);
    const headers = JSON.stringify([['Cache-Control', 'max-age=60']]);
    const path = `/reports/silent/${++count}?${new URLSearchParams({ headers })}`;
    expect(await statuses(path)).toEqual(['MISS', 'HIT']);
  });

  test('a variant is in the key, allows Vary and is all that the app sees of it', async () => {
    const headers = JSON.stringify([['Vary', 'Accept-Language']]);
    const of = (language: string) =>
      `/reports/language/${count}?${new URLSearchParams({ headers, language })}`;
    expect(await statuses(of('de'))).toEqual(['MISS', 'HIT']);
    expect(await statuses(of('en'))).toEqual(['MISS', 'HIT']);
    expect((await site.ask(of('de'))).seen?.headers['x-offload-variant']).toBe('de');
    expect(await statuses(of(''))).toEqual(['MISS', 'MISS']);
  });

  test('another Host, query or case of the path is another answer', async () => {
    const path = fresh({ a: '1' });
    await site.ask(path);
    expect((await site.ask(path, { headers: { Host: 'other.example' } })).cache).toBe('MISS');
    expect((await site.ask(`${path}&b=1`)).cache).toBe('MISS');
    expect((await site.ask(path.replace('a=1', '%61=1'))).cache).toBe('MISS');
    expect((await site.ask(path)).cache).toBe('HIT');
  });

  test('a HEAD fills the cache with the whole answer, and is answered from it', async () => {
    const path = fresh();
    const head = await site.ask(path, { method: 'HEAD' });
    const get = await site.ask(path);
    expect([head.cache, get.cache, get.seen?.method]).toEqual(['MISS', 'HIT', 'GET']);
    expect(head.headers['content-length']).toBe(String(get.body.length));
    expect((await rawCall(site.nginx.port, path, 'HEAD')).body).toHaveLength(0);
  });

  test('a range is served from the whole answer, where the app sends Accept-Ranges', async () => {
    const path = answering(['Accept-Ranges', 'bytes']);
    const headers = { Range: 'bytes=0-7' };
    expect(await site.ask(path, { headers })).toMatchObject({ cache: 'MISS' });
    const part = await site.ask(path, { headers });
    expect(part).toMatchObject({ status: 206, cache: 'HIT', body: '{"number' });
    expect((await site.ask(path)).body.length).toBeGreaterThan(8);
  });

  test('a client that has the answer gets a 304 from the cache', async () => {
    const path = answering(['ETag', '"1"']);
    await site.ask(path);
    const headers = { 'If-None-Match': '"1"' };
    expect(await site.ask(path, { headers })).toMatchObject({ status: 304, cache: 'HIT' });
  });

  test('a stale answer is served while one request updates it', async () => {
    const path = `/reports/short/${++count}?delay=700`;
    const first = await site.ask(path);
    await sleep(2100);
    const headers = { Cookie: 'analytics=1' };
    const before = site.app.calls.length;
    const stale = await Promise.all([1, 2, 3].map(() => site.ask(path, { headers })));
    expect(stale.map(({ body }) => body)).toEqual([first.body, first.body, first.body]);
    expect(stale.filter(({ cache }) => cache !== 'STALE' && cache !== 'UPDATING')).toEqual([]);
    await until('it is updated', async () => (await site.ask(path)).body !== first.body);
    const fills = site.app.calls.slice(before);
    expect(fills.length).toBeLessThanOrEqual(2);
    expect(fills.filter(({ headers }) => headers.cookie !== undefined)).toEqual([]);
  });

  test('JavaScript threw no exception in all of these tests', () => {
    expect(site.nginx.errorLog()).not.toMatch(/js exception|\[(alert|crit|emerg)\]/);
  });
});
