/** Which requests are served from the cache, and which answers are stored. */

import http2 from 'node:http2';
import { type CachedSite, sessionsConf, startCachedSite } from '../../harness/cached';
import { matrix, onRelease } from '../../harness/nginx';
import { rawCall } from '../../harness/raw';
import { sleep, until } from '../../harness/until';

describe.each(matrix)(onRelease, (release) => {
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
      http: `
    underscores_in_headers on;
    log_format cached "$offload_polls $request_uri $offload_cache_status";
    ${sessionsConf('$own_session', 'mine', 'theirs_')}
    ${sessionsConf('$failing_session', 'mine').replace('"~*', '"~*(*LIMIT_MATCH=1)')}`,
      server: `
        location /reports/own/ {
            set $offload_cache_session $own_session;
            proxy_cache_valid 200 10m;
            include offload/cache/location.conf;
        }
        location /reports/failing/ {
            error_log /var/log/offload/failing.log;
            set $offload_cache_session $failing_session;
            proxy_cache_valid 200 10m;
            include offload/cache/location.conf;
        }
        location /reports/never/ {
            set $offload_cache_session 1;
            proxy_cache_valid 200 10m;
            include offload/cache/location.conf;
        }
        location /reports/silent/ {
            include offload/cache/location.conf;
        }
        location /reports/short/ {
            proxy_cache_valid 200 1s;
            include offload/cache/location.conf;
        }
        location /reports/closed/ {
            deny all;
            proxy_cache_valid 200 10m;
            include offload/cache/location.conf;
        }
        location /reports/language/ {
            set $offload_cache_variant $arg_language;
            proxy_cache_valid 200 10m;
            include offload/cache/location.conf;
        }
        location /reports/key/ {
            set $offload_cache_personal $http_x_api_key$cookie_basket;
            proxy_cache_valid 200 10m;
            include offload/cache/location.conf;
        }`,
    });
  });

  afterAll(async () => {
    await site?.stop();
  });

  test('the second anonymous visitor gets what the first one got', async () => {
    const path = fresh();
    const [first, second] = [await site.ask(path), await site.ask(path)];
    expect([first.cache, second.cache]).toEqual(['MISS', 'HIT']);
    expect(second.body).toBe(first.body);
  });

  test('a route that is not cached has no X-Cache-Status', async () => {
    expect((await site.ask(`/other${++count}`)).headers).not.toHaveProperty('x-cache-status');
  });

  test('a request that fills the cache has only the URL of the client', async () => {
    const path = fresh({ a: '1' });
    const { seen } = await site.ask(path, {
      method: 'GET',
      headers: {
        Host: 'app.example',
        Cookie: 'analytics=1; other=2',
        'Accept-Encoding': 'gzip, br',
        'Accept-Language': 'de',
        'User-Agent': 'evil',
        Range: 'bytes=0-1',
        'If-None-Match': '"1"',
        'If-Modified-Since': 'Tue, 24 Nov 2026 00:00:00 GMT',
        Origin: 'http://evil.example',
        Referer: 'http://evil.example',
        'X-Forwarded-For': '6.6.6.6',
        'X-Forwarded-Host': 'evil.example',
        'X-Original-Url': '/evil',
        'X-HTTP-Method-Override': 'POST',
        'X-Offload-Client': '6.6.6.6',
        X_Offload_Client: '6.6.6.6',
        X_Offload_Variant: 'evil',
        X_Offload_Scheme: 'https',
        'X-Offload-Scheme': 'https',
        'X-Offload-Variant': 'evil',
        'X-Real-IP': '6.6.6.6',
      },
    });
    expect(seen).toMatchObject({ method: 'GET', url: path, body: '' });
    const own = { 'x-offload-client': '0.0.0.0', 'x-offload-scheme': 'http' };
    const { connection: _, ...headers } = seen?.headers ?? {};
    expect(headers).toEqual({
      ...own,
      host: 'app.example',
      accept: '*/*',
      'user-agent': 'nginx-offload',
      'x-real-ip': '0.0.0.0',
      'x-forwarded-proto': 'http',
      'x-offload-port': String(site.nginx.port),
      'x-offload-request-id': expect.stringMatching(/^[0-9a-f]{32}$/),
    });
  });

  test('a visitor with a session is served by the app, with the request unchanged', async () => {
    const path = fresh({ a: '1' });
    const anonymous = await site.ask(path);
    const headers = { Cookie: 'a=1; session=alice', Host: 'app.example', 'X-Own': 'yes' };
    const answer = await site.ask(path, { method: 'POST', headers, body: 'a body' });
    expect(answer.cache).toBe('BYPASS');
    expect(answer.seen).toMatchObject({ method: 'POST', url: path, body: 'a body' });
    expect(answer.seen?.headers).toMatchObject({
      cookie: headers.Cookie,
      host: headers.Host,
      'x-own': 'yes',
      'x-real-ip': '127.0.0.1',
    });
    expect((await site.ask(path)).body).toBe(anonymous.body);
  });

  const NOT_ANONYMOUS: [string, Record<string, string | string[]>][] = [
    ['the session cookie', { Cookie: 'session=1' }],
    ['it among others', { Cookie: 'a=1; b=2; session=1; c=3' }],
    ['it without a space', { Cookie: 'a=1;session=1' }],
    ['it after a comma', { Cookie: 'a=1,session=1' }],
    ['it after a tab', { Cookie: 'a=1;\tsession=1' }],
    ['it with spaces around its name', { Cookie: 'a=1;   session  = 1' }],
    ['it in capitals', { Cookie: 'SESSION=1' }],
    ['it without a value', { Cookie: 'session=' }],
    ['its name alone', { Cookie: 'a=1; session' }],
    ['it in quotes', { Cookie: '"session"=1' }],
    ['it in quotes with a space', { Cookie: 'a=1; " session"=1' }],
    ['it twice', { Cookie: 'session=1; session=2' }],
    ['a name that begins with it', { Cookie: 'a=1; session2=1' }],
    ['another of the names', { Cookie: 'a=1; PHPSESSID=1' }],
    ['another of the names, in small letters', { Cookie: 'phpsessid=1' }],
    ['a name with a dot', { Cookie: 'connect.sid=1' }],
    ['a name with the prefix __Host-', { Cookie: 'a=1; __Host-session=1' }],
    ['it in the second of two headers', { Cookie: ['a=1', 'session=1'] }],
    ['it in the first of two headers', { Cookie: ['session=1', 'a=1'] }],
    ['it in the last of three headers', { Cookie: ['a=1', '', 'b=1;session=1'] }],
    ['it after 7000 characters', { Cookie: `a=${'; ,x="'.repeat(1166)}; session=1` }],
    ['credentials', { Authorization: 'Bearer 1' }],
    ['credentials without a value', { Authorization: '|' }],
    ['a body', { 'Content-Length': '4' }],
  ];
  test.each(NOT_ANONYMOUS)('not anonymous: %s', async (_, headers) => {
    const path = fresh();
    await site.ask(path);
    const body = 'Content-Length' in headers ? { body: 'body' } : {};
    const answer = await site.ask(path, { headers, ...body });
    expect(answer.cache).toBe('BYPASS');
    const [last] = site.app.calls.slice(-1);
    expect(answer.seen).toEqual(last);
  });

  test.each([
    ['a name that ends with it', { Cookie: 'mysession=1; my.session=1; a=session' }],
    ['a shorter name', { Cookie: 'sessio=1; connectXsid=1' }],
    ['the name in a value', { Cookie: 'a=/session/=1' }],
    ['no cookies', {}],
  ])('anonymous: %s', async (_, headers) => {
    const path = fresh();
    await site.ask(path);
    expect((await site.ask(path, { headers })).cache).toBe('HIT');
  });

  test.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'REPORT'])(
    '%s goes to the app',
    async (method) => {
      const path = fresh();
      await site.ask(path);
      expect(await site.ask(path, { method })).toMatchObject({
        cache: 'BYPASS',
        seen: { method },
      });
    },
  );

  test('over HTTP/2, with a header line for each cookie, likewise', async () => {
    const path = fresh();
    await site.ask(path);
    const ask = async (cookies: string[]) =>
      (await askHttp2(site.http2Port, path, cookies))['x-cache-status'];
    expect(await ask(['a=1', 'b=2'])).toBe('MISS'); // the port is another one, and so the Host
    expect(await ask(['a=1', 'b=2'])).toBe('HIT');
    expect(await ask(['a=1', 'session=2', 'c=3'])).toBe('BYPASS');
    expect(await ask(['session=2', 'a=1'])).toBe('BYPASS');
    expect(await ask(['a=1', 'b=2; PHPSESSID=2'])).toBe('BYPASS');
    expect(await ask(['a=1', 'b=2'])).toBe('HIT');
  });

  test('over HTTP/2, a GET with a body but no Content-Length is refused, or passed with a session', async () => {
    const path = fresh();
    const ask = (cookie: string, body: string) => askHttp2(site.http2Port, path, [cookie], body);
    expect(await ask('a=1', '')).toMatchObject({ ':status': 200, 'x-cache-status': 'MISS' });
    expect(await ask('a=1', 'x')).toMatchObject({ ':status': 411, 'x-cache-status': 'BYPASS' });
    expect(await ask('a=1', '')).toMatchObject({ ':status': 200, 'x-cache-status': 'HIT' });
    expect(await ask('session=1', 'x')).toMatchObject({ ':status': 200 });
    expect(site.app.callsOf(path.split('?')[0] as string).map(({ body }) => body)).toEqual([
      '',
      'x',
    ]);
  });

  test('20 KB of cookies are searched at once', async () => {
    const path = fresh();
    await site.ask(path);
    const long = ['; ', 'session', '; sessio'].map(
      (part) => `a${part.repeat(7000 / part.length)}=1`,
    );
    const anonymous = await site.ask(path, { headers: { Cookie: long } });
    expect(anonymous.cache).toBe('HIT');
    expect(anonymous.ms).toBeLessThan(1000);
    const Cookie = [...long.slice(1), 'session=1'];
    expect((await site.ask(path, { headers: { Cookie } })).cache).toBe('BYPASS');
  });

  test('names that are added to the list, and set for one location', async () => {
    const path = `/reports/own/${++count}`;
    await site.ask(path);
    const of = async (Cookie: string) => (await site.ask(path, { headers: { Cookie } })).cache;
    expect(await of('session=1')).toBe('BYPASS');
    expect(await of('mine=1')).toBe('BYPASS');
    expect(await of('theirs_abc=1')).toBe('BYPASS');
    expect(await of('theirs_=1')).toBe('BYPASS');
    expect(await of('theirs=1')).toBe('HIT');
    const elsewhere = fresh();
    await site.ask(elsewhere);
    const headers = { Cookie: 'mine=1; theirs_=1' };
    expect((await site.ask(elsewhere, { headers })).cache).toBe('HIT');
  });

  test('where the regular expression fails, a visitor with cookies is not anonymous', async () => {
    const path = `/reports/failing/${++count}`;
    expect(await statuses(path)).toEqual(['MISS', 'HIT']);
    expect((await site.ask(path, { headers: { Cookie: 'a=1; b=2' } })).cache).toBe('BYPASS');
    expect(site.nginx.log('failing.log')).toMatch(/\[alert\].*pcre2?_(match|exec)\(\) failed/);
  });

  test('a location where no request is anonymous', async () => {
    expect(await statuses(`/reports/never/${++count}`)).toEqual(['BYPASS', 'BYPASS']);
  });

  test('$offload_cache_personal: what else makes a request personal', async () => {
    const path = `/reports/key/${++count}`;
    await site.ask(path);
    const of = async (headers: Record<string, string>) => (await site.ask(path, { headers })).cache;
    expect(await of({ 'X-API-Key': '1' })).toBe('BYPASS');
    expect(await of({ Cookie: 'a=1; basket=2' })).toBe('BYPASS');
    expect(await of({ Cookie: 'a=1' })).toBe('HIT');
  });

  test('a client that the location denies gets a 403, with the cookie and without', async () => {
    const headers = { Cookie: 'session=1' };
    expect((await site.ask('/reports/closed/1')).status).toBe(403);
    expect((await site.ask('/reports/closed/1', { headers })).status).toBe(403);
    expect(site.app.callsOf('/reports/closed/1')).toEqual([]);
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

/** A GET with a header field for each cookie. @returns the headers of the answer */
function askHttp2(
  port: number,
  path: string,
  cookies: string[],
  body = '',
): Promise<http2.IncomingHttpHeaders> {
  return new Promise((resolve, reject) => {
    const session = http2.connect(`http://127.0.0.1:${port}`);
    session.on('error', reject);
    const stream = session.request({ ':path': path, cookie: cookies }, { endStream: body === '' });
    stream.on('error', reject);
    stream.on('response', resolve);
    stream.on('end', () => session.close());
    stream.resume();
    if (body !== '') {
      stream.end(body);
    }
  });
}
