/** Names of routes: the map, the default, and what is logged of a name that is not valid. */

import { readFileSync } from 'node:fs';
import { CachedApp } from '../../../testkit/apps/cached';
import { call } from '../../../testkit/clients/client';
import { until } from '../../../testkit/clients/until';
import { nginxT } from '../../../testkit/nginx-t/nginx-t';
import { Nginx, onRelease, stable } from '../../../testkit/servers/nginx';

describe.each(stable)(onRelease, (release) => {
  const app = new CachedApp();
  let nginx: Nginx;

  beforeAll(async () => {
    await app.start();
    nginx = await Nginx.start(release, {
      appPort: app.port,
      http: `
    include offload/route/http.conf;
    map $uri $offload_route {
        default               other;
        ~^/reports/           reports;
        ~^/slow/              slow;
        /login                login-1.0_a;
        /empty                "";
        /space                "two words";
        "~^/named/(?<n>(?s:.+))$"  $n;
    }
    map $offload_route $offload_timeout {
        default 60s;
        slow    1s;
    }
    log_format routes '$request_uri $offload_route_name';`,
      server: `
        access_log /var/log/offload/access.log routes;
        location /set {
            set $offload_route of-this-location;
            proxy_pass http://app;
        }`,
    });
  });

  afterAll(async () => {
    await nginx?.stop();
    await app.stop();
  });

  const longest = 'a'.repeat(64);
  test.each([
    ['/', 'other'],
    ['/reports/1', 'reports'],
    ['/login', 'login-1.0_a'],
    ['/set', 'of-this-location'],
    ['/empty', 'unreadable'],
    ['/space', 'unreadable'],
    [`/named/${longest}`, longest],
    [`/named/${longest}a`, 'unreadable'],
    ['/named/a%0A', 'unreadable'],
    ['/named/%0Aa', 'unreadable'],
    ['/named/a%22', 'unreadable'],
    ['/named/%C3%A4', 'unreadable'],
  ])('%s has the route %s in the log', async (path, route) => {
    await call(nginx.port, path);
    await until('it is logged', () => nginx.accessLog().includes(`${path} ${route}`));
  });

  test('settings of the offload may differ by route, and the log has the route', async () => {
    const path = '/slow/1?length=30000';
    expect((await call(nginx.port, path)).status).toBe(504);
    await until('it is logged', () => nginx.accessLog().includes(`${path} slow`));
  });

  const page = readFileSync('docs/route.md', 'utf8');
  const [, http = ''] = /```nginx\nhttp \{\n(.*?)\}\n```/s.exec(page) as RegExpExecArray;
  const conf = (lines: string) => `
load_module modules/ngx_http_js_module.so;
events {}
http {
    ${release.engine === 'qjs' ? 'js_engine qjs;' : ''}
    ${lines}
    log_format routes '$offload_route_name';
    access_log /var/log/nginx/access.log routes;
    server { listen 8000; }
}`;

  test('the lines of the page pass nginx -t, without the offload too', async () => {
    expect(await nginxT(release.release, conf(http))).toEqual({ passes: true, complaints: [] });
  });

  test('without a map all requests have one route', async () => {
    const lines = 'include offload/route/http.conf;';
    expect(await nginxT(release.release, conf(lines))).toEqual({ passes: true, complaints: [] });
  });

  test('a missing load_module is named', async () => {
    const text = conf(http)
      .replace(/load_module.*/, '')
      .replace('js_engine qjs;', '');
    const { complaints } = await nginxT(release.release, text);
    const [, line] =
      /^\[emerg\] unknown directive "js_var" in \/etc\/nginx\/offload\/route\/http.conf:(\d+)$/.exec(
        complaints[0] ?? '',
      ) ?? [];
    const snippet = readFileSync('nginx/route/http.conf', 'utf8').split('\n');
    expect(snippet[Number(line) - 1]).toContain('load_module is missing');
  });
});
