/**
 * Filters, limits, access and pages that http {} passes down act where the client called, and not in the private
 * servers as well: an offloaded result is like a direct answer of the same server.
 */

import http from 'node:http';
import { brotliDecompressSync } from 'node:zlib';
import { BulkApp } from '../../../../testkit/apps/bulk';
import { MIB } from '../../../../testkit/apps/pattern';
import type { Script } from '../../../../testkit/apps/scripted';
import { Comparison, differences } from '../../../../testkit/clients/comparison';
import type { RawAnswer } from '../../../../testkit/clients/raw';
import { readPattern } from '../../../../testkit/clients/read-pattern';
import { sleep } from '../../../../testkit/clients/until';
import { nginxT } from '../../../../testkit/nginx-t/nginx-t';
import { startCachedSite } from '../../../../testkit/servers/cached';
import { ends, Nginx, onRelease } from '../../../../testkit/servers/nginx';

const HTML = '<html><!--# echo var="arg_x" default="ssi" --><body>one two é</body></html>\n';

const whole = (body: string, status = '200 OK', ...lines: string[]): Script => ({
  pieces: [
    [
      `HTTP/1.1 ${status}`,
      'Content-Type: text/html',
      ...lines,
      `Content-Length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n'),
  ],
});

const inChunks = (...last: string[]): string[] => [
  'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n',
  `${Buffer.byteLength(HTML).toString(16)}\r\n${HTML}\r\n`,
  ...last,
];

const polled: Script = {
  ...whole(HTML, '200 OK', 'ETag: "a"', 'Set-Cookie: a=1; Path=/x'),
  notYet: 1,
};

const results: Record<string, Script> = {
  polled,
  'of unknown length': { pieces: inChunks('0\r\n\r\n') },
  'cut off': { pieces: inChunks(), end: 'RST' },
  large: whole(HTML.repeat(30_000)),
  'with a long header': whole(HTML, '200 OK', `X-Long: ${'x'.repeat(3000)}`),
  'with 404': whole(HTML, '404 Not Found'),
  'with 500': whole(HTML, '500 Internal Server Error'),
};

/** Each acts once on a direct answer. */
const filters = `
    add_before_body /note; add_after_body /note;
    add_header X-Site 1 always; add_header Vary X-Site;
    charset utf-8; override_charset on;
    expires epoch;
    gunzip on;
    slice 1k;
    ssi on;
    sub_filter one three; sub_filter two one; sub_filter_once off;`;

/** What would refuse nginx's own requests, or do something beside; in the public server it does not act. */
const limits = `
    limit_req_zone $binary_remote_addr zone=few:1m rate=1r/m;
    limit_conn_zone $offload_scheme zone=one:1m;
    limit_req zone=few; limit_conn one 1;
    satisfy all; deny all; auth_basic x; auth_basic_user_file /dev/null; auth_request /sorry;
    client_max_body_size 1; client_body_in_file_only on;
    error_page 401 403 404 500 502 503 504 =200 /sorry;
    log_subrequest on;
    userid on;`;
const withoutLimits = `
        allow all; auth_basic off; auth_request off;
        limit_req zone=offload_unlimited_rate; limit_conn offload_held 1000;
        client_body_in_file_only off;
        error_page 504 /late;
        location = /late { internal; return 200 "late"; }`;

/** What needs no line of ours. */
const harmless = `
    aio threads; aio_write on; sendfile on; directio 512; output_buffers 1 512;
    autoindex on; index nothing.html; dav_methods PUT DELETE; gzip_static always; root /tmp;
    client_body_in_single_buffer on; client_body_buffer_size 1k; client_header_timeout 1s; client_body_timeout 1s;
    default_type text/html; etag off; max_ranges 0; limit_rate_after 1;
    keepalive_requests 1; keepalive_timeout 0; lingering_close always; reset_timedout_connection on;
    merge_slashes off; underscores_in_headers on; ignore_invalid_headers off;
    msie_padding on; postpone_output 100000; read_ahead 1k; sendfile_max_chunk 1k; send_lowat 1000;
    recursive_error_pages on; server_name_in_redirect on; server_tokens off; types { }
    secure_link $arg_a; secure_link_md5 $arg_b; tcp_nodelay off; tcp_nopush on;
    set_real_ip_from 0.0.0.0/0; real_ip_header X-Forwarded-For; real_ip_recursive on;
    proxy_buffering off; proxy_cookie_flags ~ secure; proxy_force_ranges on; proxy_limit_rate 1000000;
    proxy_max_temp_file_size 0; proxy_request_buffering off; proxy_socket_keepalive on; proxy_send_lowat 1000;
    proxy_store on; proxy_temp_path /tmp/proxy; uwsgi_store on; fastcgi_store on; scgi_store on;`;

const note = 'location = /note { internal; return 200 "note"; }';

describe.each(ends)(onRelease, (release) => {
  let site: Comparison;

  const start = async (http: string, server = '') => {
    site = await Comparison.start(release, {
      http,
      server: `set $offload_timeout 8s; ${server}`,
      waiter: 'location /jobs/ { proxy_pass http://app; include offload/poll.conf; }',
    });
  };

  afterEach(() => site?.stop());

  /** How often the app was asked for its result. */
  const requestsFor = async (script: Script) => (await site.offloaded(script)).requests;

  test('filters are applied once, and cost no further request for the result', async () => {
    await start(filters, note);
    // a filter may hold back what came before the end
    const { 'cut off': _, ...complete } = results;
    expect(await differences(site, complete)).toEqual([]);
    expect((await site.direct(polled)).body.toString()).toBe(
      'note<html>ssi<body>three one é</body></html>\nnote',
    );
    expect(await requestsFor(polled)).toBe(1);
    expect(await requestsFor(results['with a long header'] as Script)).toBeLessThanOrEqual(3);
  });

  test('limits, access and pages do not act on polls, and nothing is left behind', async () => {
    await start(limits, withoutLimits);
    const answers = await Promise.all(Object.values(results).map((script) => site.pair(script)));
    expect(answers.map(({ offloaded }) => withoutId(offloaded))).toEqual(
      answers.map(({ direct }) => withoutId(direct)),
    );
    // a poll that nginx itself answers with an error, for which it has no page
    const broken: Script = { pieces: ['HTTP/1.1 2'], end: 'RST', next: polled };
    expect((await site.offloaded(broken)).offloaded.body.toString()).toBe(HTML);
    expect(await site.nginx.outputOf('find', '/var/lib/nginx', '-type', 'f')).toBe('');
  });

  test('all other directives change nothing', async () => {
    await start(harmless);
    expect(await differences(site, results)).toEqual([]);
    expect(await requestsFor(polled)).toBe(1);
    expect(await site.nginx.outputOf('find', '/tmp', '-type', 'f')).toBe('');
  });
});

/** docs/operations.md, What http {} passes down: what nginx cannot switch off, and what it does then. */
describe.each(ends)(`what has no off, ${onRelease}`, (release) => {
  let site: Comparison;

  afterEach(() => site?.stop());

  test('add_trailer: the client has the result and one trailer', async () => {
    site = await Comparison.start(release, { http: 'add_trailer X-Site 1;' });
    site.app.script('trailer', polled);
    const { body, trailers } = await get(site.nginx.port, '/job/trailer');
    expect([body.toString(), trailers]).toEqual([HTML, ['X-Site', '1']]);
    expect(site.app.sent.get('trailer')).toBe(1);
  });

  const isOld = release.nginx.localeCompare('1.29.3', 'en', { numeric: true }) < 0;
  const inherit = 'add_header_inherit merge; add_header X-Site 1;';

  test(`add_header_inherit merge: ${isOld ? 'unknown' : 'each server adds the line'}`, async () => {
    if (isOld) {
      const { complaints } = await nginxT(release.release, `events {} http { ${inherit} }`);
      expect(complaints).toEqual([expect.stringContaining('"add_header_inherit"')]);
      return;
    }
    const linesWith = async (waiter: string) => {
      site = await Comparison.start(release, { http: inherit, waiter });
      const { lines } = (await site.offloaded(polled)).offloaded;
      return lines.filter((line) => line === 'X-Site: 1').length;
    };
    expect(await linesWith('')).toBe(3);
    await site.stop();
    expect(await linesWith('add_header_inherit off;')).toBe(1);
  });
});

describe('a compressing filter that is not of nginx', () => {
  /** Debian's package of brotli. */
  const release = { release: 'trixie_libnginx-mod-http-brotli-filter', nginx: '', njs: '' };
  const parts = {
    main: 'load_module modules/ngx_http_brotli_filter_module.so;',
    http: 'brotli on; brotli_types *; brotli_min_length 1;',
  };
  const accepted = { 'Accept-Encoding': 'br' };

  test('acts once on a result', async () => {
    const site = await Comparison.start({ ...release, engine: 'njs' }, parts);
    try {
      site.app.script('html', polled);
      const { headers, body } = await get(site.nginx.port, '/job/html', accepted);
      expect(headers['content-encoding']).toBe('br');
      expect(brotliDecompressSync(body).toString()).toBe(HTML);
      expect(site.app.sent.get('html')).toBe(1);
    } finally {
      await site.stop();
    }
  });

  test('does not act on what fills the cache', async () => {
    const site = await startCachedSite(
      { ...release, engine: 'njs' },
      { ...parts, server: 'add_header X-Stored "[$upstream_http_content_encoding]" always;' },
    );
    try {
      const { headers } = await site.ask('/reports/1', { headers: accepted });
      expect([headers['content-encoding'], headers['x-stored']]).toEqual(['br', '[]']);
    } finally {
      await site.stop();
    }
  });
});

interface Got {
  headers: http.IncomingHttpHeaders;
  body: Buffer;
  trailers: string[];
}

function get(port: number, path: string, headers: http.OutgoingHttpHeaders = {}): Promise<Got> {
  return new Promise((resolve, reject) => {
    http
      .get({ host: '127.0.0.1', port, path, headers, agent: false }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({
            headers: response.headers,
            body: Buffer.concat(chunks),
            trailers: response.rawTrailers,
          }),
        );
      })
      .on('error', reject);
  });
}

/** The cookie of userid is another one each time. */
function withoutId({ lines, body, ...answer }: RawAnswer): object {
  return {
    ...answer,
    lines: lines.map((line) => line.replace(/uid=[^;]+/, 'uid')),
    body: body.toString(),
  };
}

describe.each(ends)(`a slow client, ${onRelease}`, (release) => {
  const app = new BulkApp();
  let nginx: Nginx;

  beforeAll(async () => {
    await app.start();
    nginx = await Nginx.start(release, {
      appPort: app.port,
      http: 'send_timeout 1s; proxy_max_temp_file_size 0;',
      server: 'send_timeout 60s;',
    });
  });

  afterAll(async () => {
    await nginx?.stop();
    await app.stop();
  });

  test('has its large result, as the timeouts of http {} are not for the private connection', async () => {
    const size = 30 * MIB;
    expect(await readPattern(nginx.port, `/large?size=${size}`, { pause: () => sleep(3000) })).toBe(
      size,
    );
  });
});
