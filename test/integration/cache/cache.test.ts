/** Which requests are served from the cache. */

import http2 from 'node:http2';
import { until } from '../../../testkit/clients/until';
import { type CachedSite, sessionsConf, startCachedSite } from '../../../testkit/servers/cached';
import { engines, onRelease } from '../../../testkit/servers/nginx';

describe.each(engines)(onRelease, (release) => {
  let site: CachedSite;
  let count = 0;
  /** A path that was not requested before. */
  const fresh = (knobs: Record<string, string> = {}) =>
    `/reports/${++count}?${new URLSearchParams(knobs)}`;
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
        location /reports/closed/ {
            deny all;
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
        TE: 'https 443 evil 6.6.6.6',
        'X-Real-IP': '6.6.6.6',
      },
    });
    expect(seen).toMatchObject({ method: 'GET', url: path, body: '' });
    const { connection: _, ...headers } = seen?.headers ?? {};
    expect(headers).toEqual({
      host: 'app.example',
      accept: '*/*',
      'user-agent': 'nginx-offload',
      'x-real-ip': '0.0.0.0',
      'x-forwarded-proto': 'http',
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
    expect(Object.keys(answer.seen?.headers ?? {}).join()).not.toMatch(/x-offload|\bte\b/);
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
    await until('it is stored', async () => (await site.ask(elsewhere)).cache === 'HIT');
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
