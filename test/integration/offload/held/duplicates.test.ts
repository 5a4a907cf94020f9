/** What a site has in http {} already, where an include of http {} has it too: nginx takes most directives once. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Directive, parse, print } from '../../../../testkit/nginx-t/nginx-syntax';
import { nginxTAll } from '../../../../testkit/nginx-t/nginx-t';
import { matrix, onRelease } from '../../../../testkit/servers/nginx';

const PAGE = 'docs/together.md';
const FOLDER = 'dist/test';

/** They name something of the offload's own. */
const NAMING = [
  ...['js_import', 'js_set', 'js_var', 'log_format', 'proxy_cache_path', 'js_shared_dict_zone'],
  ...['limit_conn_zone', 'limit_req_zone'],
];

/** There is no place for it but http {}; zones.conf is made to be edited, and says so. */
const ONLY_ONCE = 'variables_hash_max_size';

const [, conf = ''] = /```nginx\n(load_module.*?)```/s.exec(
  readFileSync(PAGE, 'utf8'),
) as RegExpExecArray;

/** Directives at the level of http {}, of our includes and of what they include. */
function ofHttp(directives: Directive[]): Directive[] {
  return directives.flatMap((directive) => {
    const [file = ''] = directive.args;
    if (directive.name === 'include') {
      return file.startsWith('offload/')
        ? ofHttp(parse(readFileSync(join(FOLDER, file), 'utf8')))
        : [];
    }
    return directive.children === undefined ? [directive] : [];
  });
}

const http = parse(conf).find(({ name }) => name === 'http')?.children ?? [];
const includes = http.filter(({ name }) => name === 'include');
const isAfter08 = (njs: string) => njs.localeCompare('0.8.0', 'en', { numeric: true }) >= 0;

describe.each(matrix)(onRelease, ({ release, njs }) => {
  /** Metrics need njs 0.8.0. */
  const usable = includes.filter(
    ({ args: [file = ''] }) => isAfter08(njs) || !/metrics|counts/.test(file),
  );
  const own = ofHttp(usable).filter(({ name }) => !NAMING.includes(name));
  const places: Record<string, (lines: string) => string> = {
    above: (lines) => lines + print(usable),
    below: (lines) => print(usable) + lines,
  };
  const withLines = (place: string, lines: string) => `
    load_module modules/ngx_http_js_module.so;
    events {}
    http {
        ${places[place]?.(lines)}
        server {
            listen 80;
            include offload/server.conf;
            include offload/cache/server.conf;
            include offload/deadline/server.conf;
            location / { proxy_cache_valid 200 1m; include offload/cache/location.conf; }
        }
        server {
            include offload/cache/origin.conf;
            include offload/server.conf;
            location / { proxy_pass http://127.0.0.1:1; include offload/cache/app.conf; }
        }
        server {
            include offload/waiter.conf;
            location / { proxy_pass http://127.0.0.1:1; include offload/poll.conf; }
        }
    }`;

  const names = own.map(({ name }) => name);
  const verdicts = (lines: string) =>
    nginxTAll(
      release,
      Object.keys(places).map((place) => withLines(place, lines)),
    );
  const passing = [
    { passes: true, complaints: [] },
    { passes: true, complaints: [] },
  ];

  test('the includes pass as they are', async () => {
    expect(names).toEqual(expect.arrayContaining(['proxy_hide_header', 'add_header', ONLY_ONCE]));
    expect(await verdicts('')).toEqual(passing);
  });

  test('a site may have each of their directives in http {} but one', async () => {
    expect(await verdicts(print(own.filter(({ name }) => name !== ONLY_ONCE)))).toEqual(passing);
  });

  test('which nginx -t names with its file', async () => {
    const [above] = await verdicts(`${ONLY_ONCE} 4096;\n`);
    expect(above?.complaints).toEqual([
      expect.stringMatching(
        /^\[emerg\] "variables_hash_max_size" directive is duplicate in .*\/offload\/zones\.conf:/,
      ),
    ]);
  });

  test('a site may have the settings of its own caches in http {}', async () => {
    const lines = `
        proxy_cache_lock_age 5s;
        proxy_cache_lock_timeout 5s;
        proxy_cache_use_stale off;
        proxy_cache_background_update off;`;
    expect(await verdicts(`${lines}\n`)).toEqual(passing);
  });
});
