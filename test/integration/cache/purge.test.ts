/** The purge of the cache: what it removes, and who may use it. */

import { type CachedSite, startCachedSite } from '../../../testkit/servers/cached';
import { onRelease, stable } from '../../../testkit/servers/nginx';

describe.each(stable)(onRelease, (release) => {
  let site: CachedSite;
  let count = 0;
  /** A path that was not requested before. */
  const fresh = (query: Record<string, string> = {}) =>
    `/reports/${++count}?${new URLSearchParams(query)}`;

  beforeAll(async () => {
    site = await startCachedSite(release, {
      server: `
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

  const purge = (url: string, options = {}) =>
    site.ask(`/.offload/purge?${url}`, { method: 'POST', ...options });
  const urlOf = (path: string) => `http://localhost:${site.nginx.port}${path}`;
  const headers = () => ({ Host: `localhost:${site.nginx.port}` });

  test('removes one answer, and says whether it was there', async () => {
    const [path, other] = [fresh({ 'ä b': '%/?' }), fresh()];
    const ask = async (one: string) => (await site.ask(one, { headers: headers() })).cache;
    expect([await ask(path), await ask(other), await ask(path)]).toEqual(['MISS', 'MISS', 'HIT']);
    expect(await purge(urlOf(path))).toMatchObject({ status: 200, body: 'purged\n' });
    expect(await purge(urlOf(path))).toMatchObject({ status: 404, body: 'not there\n' });
    expect([await ask(path), await ask(path), await ask(other)]).toEqual(['MISS', 'HIT', 'HIT']);
  });

  test('removes the variant of X-Offload-Variant', async () => {
    const path = `/reports/language/${++count}?language=fr`;
    await site.ask(path, { headers: headers() });
    expect((await purge(urlOf(path))).status).toBe(404);
    const named = { headers: { 'X-Offload-Variant': 'fr' } };
    expect((await purge(urlOf(path), named)).status).toBe(200);
  });

  test('is for the addresses of purgers.conf, by POST and for a URL', async () => {
    const url = urlOf(fresh());
    expect((await purge(url, { localAddress: '127.0.0.2' })).status).toBe(403);
    expect((await purge(url, { headers: { 'X-Forwarded-For': '1.2.3.4' } })).status).toBe(403);
    expect((await purge(url, { method: 'GET' })).status).toBe(405);
    expect((await purge('/reports/1')).status).toBe(400);
    expect((await purge('')).status).toBe(400);
  });

  test('JavaScript threw no exception in all of these tests', () => {
    expect(site.nginx.errorLog()).not.toMatch(/js exception|\[(alert|crit|emerg)\]/);
  });
});
