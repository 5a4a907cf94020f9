/** Directives of http {} do not apply to the private servers of the cache. */

import { type CachedSite, startCachedSite } from '../../../testkit/cached';
import { onRelease, stable } from '../../../testkit/nginx';

const http = `
    satisfy any; deny all;
    auth_basic "all of it"; auth_basic_user_file /dev/null;
    open_file_cache max=100 inactive=1m; open_file_cache_valid 1m; open_file_cache_errors on;
    limit_rate 1; gzip on; gzip_types *; charset utf-8; expires 1h;
    underscores_in_headers on; ignore_invalid_headers off;
    proxy_http_version 1.0;
    proxy_connect_timeout 1s; proxy_method PUT; proxy_pass_request_headers off;
    proxy_ignore_headers Set-Cookie Cache-Control; proxy_ignore_client_abort on;
    proxy_cache offload_cache; proxy_cache_valid any 1m; proxy_cache_key all_the_same;
    proxy_cache_methods POST; proxy_cache_min_uses 3; proxy_no_cache 0;`;

describe.each(stable)(onRelease, (release) => {
  let site: CachedSite;
  const session = { headers: { Cookie: 'session=1' } };

  beforeAll(async () => {
    site = await startCachedSite(release, {
      http,
      // undone for the site itself
      server: 'satisfy all; allow all; auth_basic off; limit_rate 0;',
      location: 'proxy_cache_valid 200 10m; proxy_cache_min_uses 1;',
      origin: 'proxy_pass_request_headers on; proxy_method $request_method;',
    });
  });

  afterAll(async () => {
    await site?.stop();
  });

  test.each(['/reports/1', '/slow/1?length=700'])(
    '%s: a miss, a hit, and a purge',
    async (path) => {
      expect(await site.ask(path)).toMatchObject({ status: 200, cache: 'MISS' });
      expect(await site.ask(path)).toMatchObject({ status: 200, cache: 'HIT' });
      const url = `http://127.0.0.1:${site.nginx.port}${path}`;
      const purged = await site.ask(`/.offload/purge?${url}`, { method: 'POST' });
      expect(purged.body).toBe('purged\n');
      expect((await site.ask(path)).cache).toBe('MISS');
    },
  );

  test.each(['/reports/2', '/slow/2?length=700'])(
    '%s: a visitor with a session is served by the app',
    async (path) => {
      const [first, second] = [await site.ask(path, session), await site.ask(path, session)];
      expect([first.cache, second.cache]).toEqual(['BYPASS', 'BYPASS']);
      expect(second.seen?.number).not.toBe(first.seen?.number);
      expect(second.seen).toMatchObject({ method: 'GET', headers: { cookie: 'session=1' } });
    },
  );

  test('an answer with Set-Cookie is not stored', async () => {
    const path = `/reports/3?headers=${encodeURIComponent('[["Set-Cookie","a=1"]]')}`;
    expect((await site.ask(path)).cache).toBe('MISS');
    expect((await site.ask(path)).cache).toBe('MISS');
  });
});
