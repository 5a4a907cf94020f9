/** nginx -t with the snippets of the deadlines, complete and with one missing. */

import { readFileSync } from 'node:fs';
import { nginxT } from '../../../testkit/nginx-t/nginx-t';
import { matrix, onRelease } from '../../../testkit/servers/nginx';

describe.each(matrix)(onRelease, ({ release, njs, engine }) => {
  const conf = (more: { http?: string; server?: string; location?: string } = {}) => `
load_module modules/ngx_http_js_module.so;
events {}
http {
    ${engine === 'qjs' ? 'js_engine qjs;' : ''}
    include offload/http.conf;
    include offload/route/http.conf;
    include offload/deadline/http.conf;
    map $offload_route $offload_deadline {
        default  30;
        login    3;
    }
    upstream app { server 127.0.0.1:8000; }
    ${more.http ?? ''}
    server {
        listen 80;
        include offload/deadline/server.conf;
        include offload/server.conf;
        ${more.server ?? ''}
        location / {
            include uwsgi_params;
            uwsgi_pass app;
            include offload/deadline/uwsgi.conf;
            include offload/uwsgi.conf;
        }
    }
    server {
        include offload/waiter.conf;
        location /poll/ {
            include uwsgi_params;
            uwsgi_pass app;
            include offload/poll.conf;
            include offload/deadline/poll.conf;
        }
    }
}
`;
  const without = (text: string, line: string) => {
    expect(text).toContain(line);
    return text.replace(line, '');
  };
  const PASSES = { passes: true, complaints: [] };

  test('the shortest nginx.conf passes, without a warning', async () => {
    expect(await nginxT(release, conf())).toEqual(PASSES);
  });

  test('the nginx.conf of the page passes', async () => {
    const [, text] = /```nginx\n(.*?)```/s.exec(readFileSync('docs/deadline.md', 'utf8')) ?? [];
    const own = engine === 'qjs' ? 'http {\n    js_engine qjs;' : 'http {';
    expect(await nginxT(release, text?.replace('http {', own) ?? '')).toEqual(PASSES);
  });

  test('a timeout of the offload for each route passes', async () => {
    const http = `map $offload_route $offload_timeout { default 60s; reports 5m; }
        map $offload_route $offload_deadline_page { default ""; reports /late.html; }`;
    expect(await nginxT(release, conf({ http }))).toEqual(PASSES);
  });

  test('without the offload, a missing route/http.conf is named', async () => {
    const text = conf()
      .replace(/ {4}server \{\s+include offload\/waiter\.conf;.*?\n {4}\}\n/s, '')
      .replace('include offload/http.conf;', '')
      .replace('include offload/server.conf;', '')
      .replace('include offload/uwsgi.conf;', 'recursive_error_pages on;');
    expect(await nginxT(release, text)).toEqual(PASSES);
    const missing = without(text, 'include offload/route/http.conf;').replace(/map .*?\}/s, '');
    expect((await nginxT(release, missing)).complaints).toEqual([
      '[emerg] unknown "offload_route_http_conf_is_not_included" variable',
    ]);
  });

  test.each(['deadline/http', 'deadline/server'])('a missing %s.conf is named', async (name) => {
    // its variables in a map of the user's would be named first
    const text = conf().replace(/map .*?\}/s, '');
    expect(
      (await nginxT(release, without(text, `include offload/${name}.conf;`))).complaints,
    ).toEqual([
      `[emerg] unknown "offload_${name.replace('/', '_')}_conf_is_not_included" variable`,
    ]);
  });

  test('without maps of your own it passes', async () => {
    expect(await nginxT(release, conf().replace(/map .*?\}/s, ''))).toEqual(PASSES);
  });

  const counted = {
    http: 'include offload/deadline/counts.conf;',
    server: 'include offload/deadline/metrics.conf;',
  };
  if (njs.startsWith('0.7.')) {
    test('counts.conf says that njs is too old', async () => {
      const { complaints } = await nginxT(release, conf(counted));
      const [, file, line] =
        /^\[emerg\] unknown directive "js_shared_dict_zone" in \/etc\/nginx\/(.*):(\d+)$/.exec(
          complaints[0] ?? '',
        ) ?? [];
      const text = readFileSync(`dist/test/${file}`, 'utf8').split('\n')[Number(line) - 1];
      expect(text).toContain('unknown directive: njs is older than 0.8.0');
    });
  } else {
    test('counts.conf and metrics.conf pass; a missing counts.conf is named', async () => {
      expect(await nginxT(release, conf(counted))).toEqual(PASSES);
      expect((await nginxT(release, conf({ server: counted.server }))).complaints).toEqual([
        '[emerg] unknown "offload_deadline_counts_conf_is_not_included" variable',
      ]);
    });
  }
});
