/** Directives of http {} do not apply to the private servers of the cache. */

import { RawApp } from '../../../testkit/apps/raw';
import { type CachedSite, startCachedSite } from '../../../testkit/servers/cached';
import { ends, onRelease, stable } from '../../../testkit/servers/nginx';

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

/** What the public server does to an answer, it does once, and to no stored one. */
describe.each(ends)(`filters and limits, ${onRelease}`, (release) => {
  let site: CachedSite;
  const cut = new RawApp(() =>
    Buffer.from('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nbegun\r\n'),
  );
  const session = { headers: { Cookie: 'session=1' } };

  beforeAll(async () => {
    await cut.start();
    site = await startCachedSite(release, {
      http: `
    limit_req_zone $binary_remote_addr zone=few:1m rate=1r/m;
    limit_conn_zone $offload_scheme zone=one:1m;
    limit_req zone=few; limit_conn one 1; auth_request /sorry; mirror /sorry;
    add_after_body /note; addition_types *;
    sub_filter one three; sub_filter two one; sub_filter_once off; sub_filter_types *;
    ssi on; ssi_types *; userid on;
    chunked_transfer_encoding off; client_body_in_file_only on;
    error_page 403 404 500 502 503 504 =200 /sorry;`,
      server: `
        auth_request off; mirror off; userid off; client_body_in_file_only off; chunked_transfer_encoding on;
        limit_req zone=offload_unlimited_rate; limit_conn offload_unlimited 1;
        error_page 599 /;
        location = /note { internal; return 200 "note"; }
        location = /sorry { internal; return 200 "sorry"; }`,
      origin: `if ($uri = /reports/cut) { proxy_pass http://127.0.0.1:${cut.port}; }`,
    });
  });

  afterAll(async () => {
    await site?.stop();
    await cut.stop();
  });

  test.each(['/reports/1?one=two', '/slow/1?length=400&one=two'])('%s', async (path) => {
    const answers = [await site.ask(path), await site.ask(path), await site.ask(path, session)];
    expect(answers.map(({ cache }) => cache)).toEqual(['MISS', 'HIT', 'BYPASS']);
    for (const { body, headers } of answers) {
      expect(body).toContain('three=one"');
      expect(body.match(/note/g)).toHaveLength(1);
      expect(headers['set-cookie']).toBeUndefined();
    }
  });

  test("the app's errors are its own", async () => {
    for (const call of [{}, session]) {
      const { status, body } = await site.ask('/reports/1?status=503', call);
      expect([status, body]).toEqual([503, expect.stringContaining('status=503')]);
    }
  });

  test('a call with a body leaves no file', async () => {
    const answer = await site.ask('/reports/1', { ...session, method: 'POST', body: 'a=1' });
    expect(answer.body).toContain('"body":"a=1"');
    expect(await site.nginx.outputOf('find', '/var/lib/nginx', '-type', 'f')).toBe('');
  });

  test('an answer that breaks off is not stored as a whole one', async () => {
    for (let calls = 1; calls <= 2; calls++) {
      await expect(site.ask('/reports/cut')).rejects.toThrow(/incomplete|hang up/);
      expect(cut.seen).toHaveLength(calls);
    }
  });
});
