/** The snippets as users include them, and as users forget to, before nginx -t. */

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { SETTINGS } from '../../../../src/offload/schedule/settings-table';
import { labelArguments } from '../../../../testkit/machines/labels.js';
import { nginxT } from '../../../../testkit/nginx-t/nginx-t';
import { matrix, onRelease } from '../../../../testkit/servers/nginx';

type Protocol = 'proxy' | 'uwsgi' | 'fastcgi' | 'scgi';

const PASSES = { passes: true, complaints: [] };

const params = (protocol: Protocol) => (protocol === 'proxy' ? '' : `include ${protocol}_params;`);
const pass = (protocol: Protocol) =>
  protocol === 'proxy' ? 'proxy_pass http://app;' : `${protocol}_pass app;`;

const ACCEPTED = `
load_module modules/ngx_http_js_module.so;
events {}
http {
  include offload/http.conf;
  server {
    include offload/server.conf;
    location / { include offload/accepted.conf; }
  }
  server {
    include offload/waiter.conf;
    location / { proxy_pass http://127.0.0.1:8000; include offload/operation.conf; }
  }
}`;

describe.each(matrix)(onRelease, ({ release, engine }) => {
  const shortest = (protocol: Protocol) => `
load_module modules/ngx_http_js_module.so;
events {}
http {
    ${engine === 'qjs' ? 'js_engine qjs;' : ''}
    include offload/http.conf;
    upstream app { server 127.0.0.1:8000; }
    server {
        listen 80;
        include offload/server.conf;
        location / {
            ${params(protocol)}
            ${pass(protocol)}
            include offload/${protocol}.conf;
        }
    }
    server {
        include offload/waiter.conf;
        location /poll/ {
            ${params(protocol)}
            ${pass(protocol)}
            include offload/poll.conf;
        }
    }
}
`;

  const replaced = (line: string, by: string, conf = shortest('uwsgi')) => {
    expect(conf).toContain(line);
    return conf.replace(line, by);
  };

  const verdict = (conf: string) => nginxT(release, conf);

  test.each<Protocol>(['proxy', 'uwsgi', 'fastcgi', 'scgi'])(
    'the shortest nginx.conf with %s_pass passes, without a warning',
    async (protocol) => {
      expect(await verdict(shortest(protocol))).toEqual(PASSES);
    },
  );

  test('two servers with two locations pass', async () => {
    const second = `
    server {
        listen 81;
        include offload/server.conf;
        location / {
            proxy_pass http://app;
            include offload/proxy.conf;
        }
        location /more/ {
            proxy_pass http://app;
            include offload/proxy.conf;
        }
    }`;
    const upstream = 'upstream app { server 127.0.0.1:8000; }';
    expect(await verdict(replaced(upstream, upstream + second))).toEqual(PASSES);
  });

  test.each([
    ['set in a server', 'listen 80;', (sets: string) => sets],
    ['set in a location', 'location / {', (sets: string) => sets],
    ['set in an if', 'location / {', (sets: string) => `if ($arg_long) { ${sets} }`],
  ])('all settings %s pass', async (_, place, written) => {
    const sets = SETTINGS.map(({ name, default: value }) => `set $offload_${name} ${value};`);
    expect(await verdict(replaced(place, place + written(sets.join('\n'))))).toEqual(PASSES);
  });

  test('a map of each setting passes', async () => {
    const maps = SETTINGS.map(
      ({ name, default: value }) => `map $uri $offload_${name} { default ${value}; }`,
    );
    const line = 'include offload/http.conf;';
    expect(await verdict(replaced(line, line + maps.join('\n')))).toEqual(PASSES);
  });

  test('http.conf may be included behind the servers', async () => {
    const line = 'include offload/http.conf;';
    const last = `${replaced(line, '').trimEnd().slice(0, -1)}    ${line}\n}\n`;
    expect(await verdict(last)).toEqual(PASSES);
  });

  describe('what is forgotten is named:', () => {
    test.each([
      ['waiter.conf', 'unknown "offload_waiter_conf_is_not_included" variable'],
      ['poll.conf', 'unknown "offload_poll_conf_is_not_included" variable'],
    ])('%s', async (name, message) => {
      const { passes, complaints } = await verdict(replaced(`include offload/${name};`, ''));
      expect(passes).toBe(false);
      expect(complaints).toContain(`[emerg] ${message}`);
    });

    test.each<Protocol>(['proxy', 'uwsgi', 'fastcgi', 'scgi'])(
      'server.conf, with %s_pass',
      async (protocol) => {
        const conf = replaced('include offload/server.conf;', '', shortest(protocol));
        expect((await verdict(conf)).complaints).toEqual([
          '[emerg] unknown "offload_server_conf_is_not_included" variable',
        ]);
      },
    );

    test.each(['server', 'operation'])('%s.conf, with accepted.conf alone', async (name) => {
      expect(await verdict(ACCEPTED)).toEqual(PASSES);
      expect(
        (await verdict(replaced(`include offload/${name}.conf;`, '', ACCEPTED))).complaints,
      ).toEqual([`[emerg] unknown "offload_${name}_conf_is_not_included" variable`]);
    });

    test.each([
      ['', 'server.conf'],
      [' and server.conf', 'waiter.conf'],
    ])('http.conf%s', async (_, asking) => {
      let conf = replaced('include offload/http.conf;', '').replace('js_engine qjs;', '');
      if (asking === 'waiter.conf') {
        conf = replaced('include offload/server.conf;', '', conf);
      }
      expect((await verdict(conf)).complaints).toEqual([
        expect.stringMatching(
          `^\\[emerg\\] no port in upstream "offload_http_conf_is_not_included" in /etc/nginx/offload/${asking}:\\d+$`,
        ),
      ]);
    });

    test.each([
      ['', 'js_import', 'http.conf', []],
      [' and http.conf', 'js_var', 'server.conf', ['http.conf']],
      [', http.conf and server.conf', 'js_var', 'waiter.conf', ['http.conf', 'server.conf']],
    ])('load_module%s', async (_, directive, file, without) => {
      let conf = replaced('load_module modules/ngx_http_js_module.so;', '');
      conf = conf.replace('js_engine qjs;', '');
      for (const name of without) {
        conf = replaced(`include offload/${name};`, '', conf);
      }
      const { complaints } = await verdict(conf);
      expect(complaints).toEqual([
        expect.stringMatching(
          `^\\[emerg\\] unknown directive "${directive}" in /etc/nginx/offload/${file}:\\d+$`,
        ),
      ]);
      const number = Number(complaints[0]?.split(':').at(-1));
      expect(lineOf(file, number)).toContain(
        `unknown directive "${directive}": load_module is missing`,
      );
    });
  });
});

test('what docs/operations.md removes for an nginx without some modules, and nginx -t passes', () => {
  const [, command = ''] =
    /```sh\n(sed [^`]*)```/.exec(readFileSync('docs/operations.md', 'utf8')) ?? [];
  const names = [
    'auth_request',
    'add_after_body',
    'add_before_body',
    'gunzip',
    'slice',
    'sub_filter',
  ];
  const conf = readFileSync('nginx/nginx.conf.example', 'utf8');
  const output = execFileSync(
    'docker',
    [
      ...['run', '--rm', '--network', 'none', '--entrypoint', 'sh', ...labelArguments()],
      ...['--volume', `${process.cwd()}/dist/test/offload:/dist:ro`, '--env', `CONF=${conf}`],
      ...['offload-nginx:trixie', '-ec'],
      `cp -r /dist /etc/nginx/offload; cd /etc/nginx/offload
       find() { grep -rlE '^ *(${names.join('|')}) ' . | sort; }
       find; ${command}
       echo then; find
       printf %s "$CONF" >/etc/nginx/nginx.conf; nginx -t 2>&1`,
    ],
    { encoding: 'utf8' },
  );
  expect(output).toMatch(
    /^\.\/internal\/inherited\.conf\n\.\/internal\/once\.conf\nthen\n.*test is successful\n$/s,
  );
});

function lineOf(file: string, number: number): string | undefined {
  return readFileSync(`dist/test/offload/${file}`, 'utf8').split('\n')[number - 1];
}
