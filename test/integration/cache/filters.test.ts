/** Whether an answer is stored is a matter of what the app sent: no header filter of the site changes it. */

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { CachedApp } from '../../../testkit/apps/cached';
import { call } from '../../../testkit/clients/client';
import { until } from '../../../testkit/clients/until';
import { Container } from '../../../testkit/machines/container';
import { type CachedSite, readAnswer, startCachedSite } from '../../../testkit/servers/cached';
import { answers, ends, freePort, onRelease } from '../../../testkit/servers/nginx';

const BROWSER = { 'Accept-Encoding': 'gzip, deflate, br', 'Accept-Language': 'de' };

const ENGINES = { njs: '', qjs: 'js_engine qjs;' };

const FILTERS = `
    gzip on; gzip_vary on; gzip_types *; gzip_min_length 1; gzip_proxied any;
    expires epoch;
    add_header Cache-Control "private, no-store" always;
    add_header Vary          "Origin, Accept-Language" always;
    add_header Set-Cookie    filtered=1 always;
    add_header Content-Encoding identity always;
    add_header X-Accel-Expires 60 always;
    userid on; userid_name visitor;
    charset utf-8; charset_types *;
    ssi on; ssi_types *;`;

/** Repeated where there is an add_header, as in docs/cache.md. */
const STATUS = 'add_header X-Cache-Status $offload_cache_status always;';

/** Adds the filters at one level. */
const PLACES = {
  'http {}': { http: `${FILTERS} proxy_pass_header X-Accel-Expires;` },
  'server {}': { server: FILTERS + STATUS },
  'location {}': { location: `proxy_cache_valid 200 10m; ${FILTERS}${STATUS}` },
};

const stops: (() => Promise<void>)[] = [];

afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

describe.each(ends)(onRelease, (release) => {
  describe.each(Object.entries(PLACES))('header filters in %s', (_, parts) => {
    let site: CachedSite;
    let count = 0;
    const fresh = (knobs: Record<string, string> = {}, folder = '/reports') =>
      `${folder}/${++count}?${new URLSearchParams(knobs)}`;
    const ask = (path: string) => site.ask(path, { headers: BROWSER });
    const statuses = async (path: string) => [(await ask(path)).cache, (await ask(path)).cache];

    beforeAll(async () => {
      site = await startCachedSite(release, parts);
    });

    afterAll(async () => {
      await site?.stop();
    });

    test.each([
      ['/reports', '0'],
      ['/slow', '300'],
    ])('an answer is stored, and all visitors get it through them: %s', async (folder, length) => {
      const path = fresh({ length }, folder);
      const [first, second] = [await ask(path), await ask(path)];
      expect([first.cache, second.cache]).toEqual(['MISS', 'HIT']);
      for (const { headers } of [first, second]) {
        expect(headers).toMatchObject({ 'content-encoding': expect.stringContaining('gzip') });
        expect(`${headers['cache-control']}`).toContain('no-store');
        expect(`${headers['set-cookie']}`).toMatch(/filtered=1.*visitor=|visitor=.*filtered=1/);
      }
      expect(site.app.callsOf(path.split('?')[0] as string)).toHaveLength(1);
    });

    test.each<[string, [string, string][]]>([
      ['Set-Cookie', [['Set-Cookie', 'a=1']]],
      ['private', [['Cache-Control', 'private']]],
      [
        'Vary in a second line',
        [
          ['Vary', 'Cookie'],
          ['Vary', 'Origin'],
        ],
      ],
      ['Content-Encoding', [['Content-Encoding', 'br']]],
      ['Expires', [['Expires', '0']]],
      [
        'Vary, whatever X-Accel-Expires says',
        [
          ['X-Accel-Expires', '60'],
          ['Vary', 'Origin'],
        ],
      ],
    ])('what the app forbids is not stored: %s', async (_, lines) => {
      expect(await statuses(fresh({ headers: JSON.stringify(lines) }))).toEqual(['MISS', 'MISS']);
    });
  });

  test.each(['/page', '/slow/page'])(
    "Debian's own nginx.conf: one render for 100 browsers at once, %s",
    async (path) => {
      const site = await startStock(`offload-nginx:${release.release}`, ENGINES[release.engine]);
      const ask = () => site.ask(`${path}?type=text/html&size=2000&delay=500&length=500`);
      const all = await Promise.all(Array.from({ length: 100 }, ask));
      const seen = all.map(({ status, headers }) => `${status} ${headers['content-encoding']}`);
      expect(new Set(seen)).toEqual(new Set(['200 gzip']));
      expect((await ask()).cache).toBe('HIT');
      expect(site.app.callsOf(path)).toHaveLength(1);
    },
  );
});

test('brotli, which no directive of nginx turns off in a private server', async () => {
  const image = 'nginx:trixie+libnginx-mod-http-brotli-filter';
  execFileSync('build/setup/image.sh', [image], { stdio: 'ignore' });
  const site = await startStock(
    `offload-${image.replaceAll('+', '_')}`,
    'brotli on; brotli_types *; brotli_min_length 1;',
  );
  const ask = () => site.ask('/page?type=text/html&size=2000');
  const [first, second] = [await ask(), await ask()];
  expect([first.cache, second.cache]).toEqual(['MISS', 'HIT']);
  expect([first, second].map(({ headers }) => headers['content-encoding'])).toEqual(['br', 'br']);
}, 180_000);

/**
 * A site as an owner of Debian's nginx sets it up, below its own nginx.conf.
 *
 * @param http lines of http {}
 */
async function startStock(image: string, http: string) {
  const [port, app] = [await freePort(), new CachedApp()];
  await app.start();
  const pass = `proxy_pass http://127.0.0.1:${app.port};`;
  const nginx = await Container.start({
    image,
    mounts: { '/etc/nginx/offload:ro': join(process.cwd(), 'dist/test/offload') },
    files: {
      '/etc/nginx/conf.d/offload.conf': `
        ${http}
        include offload/http.conf;
        include offload/cache/http.conf;`,
      '/etc/nginx/sites-enabled/site': `
        server {
            listen ${port};
            include offload/server.conf;
            include offload/cache/server.conf;
            location / {
                proxy_cache_valid 200 10m;
                include offload/cache/location.conf;
            }
        }
        server {
            include offload/cache/origin.conf;
            include offload/server.conf;
            location / {
                ${pass}
                include offload/proxy.conf;
                include offload/cache/app.conf;
            }
        }
        server {
            include offload/waiter.conf;
            location /poll/ {
                ${pass}
                include offload/poll.conf;
            }
        }`,
      // its port may be in use on this machine
      '/etc/nginx/sites-enabled/default': '',
    },
    openFiles: 16384,
  });
  stops.push(
    () => nginx.stop(),
    () => app.stop(),
  );
  await until('nginx listens', () => answers(port));
  return {
    app,
    ask: async (path: string) => readAnswer(await call(port, path, { headers: BROWSER })),
  };
}
