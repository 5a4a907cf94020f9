/**
 * Includes in a location below a server {} that has parameters and headers of its own: nginx drops those of the server
 * where a location has any. An include of the offload adds none of a kind, or all that an app needs.
 */

import { readFileSync } from 'node:fs';
import { call } from '../../../../testkit/clients/client';
import { ends, freePort, Nginx, onRelease } from '../../../../testkit/servers/nginx';
import { type Protocol, protocols, Uwsgi } from '../../../../testkit/servers/uwsgi';

interface Seen {
  method: string;
  path: string;
  params: Record<string, string>;
}

/** What a server {} may have for all of its locations, with a parameter and a header of its own. */
const SERVER = `
        include uwsgi_params;
        include fastcgi_params;
        include scgi_params;
        uwsgi_param   OWN server;
        fastcgi_param OWN server;
        scgi_param    OWN server;
        fastcgi_param PATH_INFO $document_uri;
        scgi_param    PATH_INFO $document_uri;
        proxy_set_header Host      $http_host;
        proxy_set_header X-Own     server;
        proxy_set_header X-Real-IP $remote_addr;`;

const include = (...names: string[]) =>
  names.map((name) => `include offload/${name}.conf;`).join(' ');

/** FastCGI's path is an app's own. */
const PATH_INFO = 'fastcgi_param PATH_INFO $document_uri;';

/**
 * Lines of locations by the first segment of their path, which begins with the protocol. These keep what the server {}
 * has;
 */
const KEEPS: Record<string, string> = {
  uwsgi: include('uwsgi'),
  fastcgi: include('fastcgi'),
  scgi: include('scgi'),
  proxy: include('proxy'),
};

/** these are complete without it, */
const COMPLETE: Record<string, string> = {
  'uwsgi-farm': include('farm/uwsgi', 'uwsgi'),
  'uwsgi-balanced': include('farm/origin', 'uwsgi'),
  'uwsgi-deadline': include('deadline/uwsgi', 'uwsgi'),
  'uwsgi-both': include('farm/uwsgi', 'deadline/farm', 'uwsgi'),
  'proxy-farm': include('farm/proxy', 'proxy'),
  'proxy-farm-kept': include('farm/proxy-kept', 'proxy'),
};

/** as are those behind the cache, */
const CACHED: Record<string, string> = {
  'uwsgi-cached': include('uwsgi', 'cache/app'),
  'fastcgi-cached': PATH_INFO + include('fastcgi', 'cache/app'),
  'scgi-cached': include('scgi', 'cache/app'),
  'uwsgi-cached-farm': include('farm/origin', 'deadline/farm', 'uwsgi'),
  'uwsgi-cached-deadline': include('deadline/uwsgi', 'uwsgi', 'cache/app'),
};

/** and those of the waiter. */
const POLLS: Record<string, string> = {
  uwsgi: include('poll'),
  fastcgi: PATH_INFO + include('poll'),
  scgi: include('poll'),
  'uwsgi-farm': include('poll', 'farm/poll'),
  'uwsgi-deadline': include('poll', 'deadline/poll'),
  'uwsgi-both': include('poll', 'farm/poll', 'deadline/poll'),
  'proxy-farm': include('poll', 'farm/poll'),
};
const KEPT_POLLS: Record<string, string> = { proxy: include('poll') };

/** A location may say all of it, as it had to before, and parameters of its own below the includes. */
const FORMS = ['', '-old', '-own'] as const;

/** How often lines of a location, with all that they include, set the request's method for uWSGI. */
function timesSent(lines: string): number {
  let times = 0;
  for (const [, file = ''] of lines.matchAll(/^[^#\n]*?\binclude (\S+);/gm)) {
    times +=
      file === 'uwsgi_params'
        ? 1
        : timesSent(readFileSync(`dist/test/${file}`, 'utf8').replaceAll(/; */g, ';\n'));
  }
  return times + [...lines.matchAll(/^ *uwsgi_param REQUEST_METHOD /gm)].length;
}

const protocolOf = (name: string) => protocols.find((each) => name.startsWith(each)) as Protocol;

// uWSGI refuses a request of more than 4 KB by default
test.each([
  [
    'the public server',
    { 'uwsgi-farm': 1, 'uwsgi-balanced': 1, 'uwsgi-deadline': 1, 'uwsgi-both': 1 },
    COMPLETE,
  ],
  [
    'the one behind the cache',
    { 'uwsgi-cached': 1, 'uwsgi-cached-farm': 1, 'uwsgi-cached-deadline': 2 },
    CACHED,
  ],
  ['the waiter', { uwsgi: 1, 'uwsgi-farm': 1, 'uwsgi-deadline': 1, 'uwsgi-both': 1 }, POLLS],
])('how often all parameters are sent to uWSGI: %s', (_, times, all) => {
  const ofUwsgi = Object.entries(all).filter(([name]) => protocolOf(name) === 'uwsgi');
  const sent = ofUwsgi.map(([name, lines]) => [name, timesSent(lines.replaceAll(/; */g, ';\n'))]);
  expect(Object.fromEntries(sent)).toEqual(times);
});

describe.each(ends)(onRelease, (release) => {
  let uwsgi: Uwsgi;
  let nginx: Nginx;
  let port: number;

  beforeAll(async () => {
    uwsgi = await Uwsgi.start('headers.py', ['--threads', '4']);
    port = await freePort();
    const locations = (prefix: string, all: Record<string, string>) =>
      Object.entries(all).flatMap(([name, lines]) => {
        const protocol = protocolOf(name);
        const [old, own, scheme] =
          protocol === 'proxy'
            ? ['', 'proxy_set_header X-Own location;', 'http://']
            : [`include ${protocol}_params;`, `${protocol}_param OWN location;`, ''];
        const pass = `${protocol}_pass ${scheme}127.0.0.1:${uwsgi.ports[protocol]};`;
        return [
          `location ${prefix}/${name}/ { ${pass} ${lines} }`,
          `location ${prefix}/${name}-old/ { ${old} ${pass} ${lines} }`,
          `location ${prefix}/${name}-own/ { ${pass} ${lines} ${own} }`,
        ];
      });
    const cached = Object.keys(CACHED).flatMap((name) =>
      FORMS.map((form) => `location /${name}${form}/ { ${include('cache/location')} }`),
    );
    nginx = await Nginx.start(release, {
      appPort: uwsgi.ports.proxy,
      http: `
    ${include('cache/http', 'deadline/http')}
    server {
        listen 127.0.0.1:${port};
        ${include('server', 'cache/server', 'deadline/server')}
        ${SERVER}
        ${[...locations('', { ...KEEPS, ...COMPLETE }), ...cached].join('\n        ')}
    }
    server {
        ${include('cache/origin', 'server', 'deadline/server')}
        ${SERVER}
        ${locations('', CACHED).join('\n        ')}
    }`,
      waiter: `${SERVER} ${locations('/poll', { ...POLLS, ...KEPT_POLLS }).join('\n        ')}`,
    });
  });

  afterAll(async () => {
    await nginx?.stop();
    await uwsgi?.stop();
  });

  const seen = async (): Promise<Seen[]> =>
    JSON.parse((await call(uwsgi.ports.proxy, '/seen')).body);
  const seenDuring = async (action: () => Promise<unknown>) => {
    const { length } = await seen();
    await action();
    return (await seen()).slice(length);
  };

  const HEADERS = { Host: 'app.example:8080', Cookie: 'session=1' };

  /** What an app must be told of a request, over any protocol. */
  const told = (name: string, method: string, path: string, query: string) => ({
    REQUEST_METHOD: method,
    PATH_INFO: path,
    QUERY_STRING: query,
    REQUEST_URI: query === '' ? path : `${path}?${query}`,
    HTTP_HOST: expect.stringMatching(/^app\.example(:8080)?$/),
    HTTP_COOKIE: 'session=1',
    'wsgi.url_scheme': 'http',
    [protocolOf(name) === 'proxy' ? 'HTTP_X_REAL_IP' : 'REMOTE_ADDR']: '127.0.0.1',
  });
  const own = (name: string, { params }: Seen) =>
    params[protocolOf(name) === 'proxy' ? 'HTTP_X_OWN' : 'OWN'];

  const put = (name: string) => {
    const path = `/${name}/plain`;
    return seenDuring(async () => {
      const { status } = await call(port, `${path}?a=1`, { method: 'PUT', headers: HEADERS });
      expect(status).toBe(200);
    });
  };

  test.each(Object.keys(KEEPS))('a call is told all that the server {} has: %s', async (name) => {
    const [request] = await put(name);
    expect(request?.params).toMatchObject(told(name, 'PUT', `/${name}/plain`, 'a=1'));
    expect(own(name, request as Seen)).toBe('server');
  });

  describe.each(Object.keys({ ...COMPLETE, ...CACHED }))(
    'the app is told all of a call: %s',
    (name) => {
      test.each(FORMS)('%j', async (form) => {
        const [request] = await put(name + form);
        expect(request?.params).toMatchObject(told(name, 'PUT', `/${name}${form}/plain`, 'a=1'));
        expect(own(name, request as Seen)).toBe(form === '-own' ? 'location' : undefined);
      });
    },
  );

  const polls = async (name: string) => {
    const requests = await seenDuring(async () => {
      const { status } = await call(nginx.port, `/${name}/job`, { headers: HEADERS });
      expect(status).toBe(200);
    });
    return requests.slice(1);
  };

  describe.each(Object.keys({ ...POLLS, ...KEPT_POLLS }))(
    'the app is told all of a poll: %s',
    (name) => {
      test.each(FORMS)('%j', async (form) => {
        const requests = await polls(name + form);
        expect(requests.map(({ method }) => method).join()).toMatch(/^(POST,){2,}GET,GET/);
        const kept = name in KEPT_POLLS ? 'server' : undefined;
        for (const request of requests) {
          const { method, path, params } = request;
          expect(path).toMatch(new RegExp(`^/poll/${name}${form}/\\d+/(\\d+|found)$`));
          // a header of its own in the location drops those of the server, which are a user's
          if (!(form === '-own' && name in KEPT_POLLS)) {
            expect(params).toMatchObject(told(name, method, path, ''));
          }
          expect(own(name, request)).toBe(form === '-own' ? 'location' : kept);
        }
      });
    },
  );
});
