/** The app gets the headers of its client at each request that nginx makes for it, and none of nginx's own. */

import { call, openHttp1 } from '../../../../testkit/clients/client';
import { until } from '../../../../testkit/clients/until';
import { ends, Nginx, onRelease } from '../../../../testkit/servers/nginx';
import { type Protocol, protocols, Uwsgi } from '../../../../testkit/servers/uwsgi';

interface Seen {
  method: string;
  path: string;
  headers: Record<string, string>;
}

/** Of the app's location, and of the one for polls. */
const PARAMS: Record<Protocol, [call: string, poll: string]> = {
  proxy: ['proxy_set_header Host $http_host;', 'proxy_set_header Host $http_host;'],
  uwsgi: ['include uwsgi_params;', ''],
  fastcgi: [
    'include fastcgi_params; fastcgi_param PATH_INFO $document_uri;',
    'fastcgi_param PATH_INFO $document_uri;',
  ],
  scgi: ['include scgi_params; scgi_param PATH_INFO $document_uri;', ''],
};

const HEADERS = {
  Host: 'app.example',
  Cookie: 'session=1',
  Authorization: 'Bearer token',
  'X-Request-ID': '7',
};

describe.each(ends)(onRelease, (release) => {
  let uwsgi: Uwsgi;
  let nginx: Nginx;

  beforeAll(async () => {
    uwsgi = await Uwsgi.start('headers.py', ['--threads', '4']);
    const location = (path: string, name: Protocol, params: string, snippet: string) => `
        location ${path}/${name}/ {
            ${params}
            ${name}_pass ${name === 'proxy' ? 'http://' : ''}127.0.0.1:${uwsgi.ports[name]};
            include offload/${snippet}.conf;
        }`;
    const calls = protocols.map((name) => location('', name, PARAMS[name][0], name));
    const polls = protocols.map((name) => location('/poll', name, PARAMS[name][1], 'poll'));
    nginx = await Nginx.start(release, {
      appPort: uwsgi.ports.proxy,
      server: `set $offload_timeout 30s; ${calls.join('')}`,
      waiter: polls.join(''),
    });
  });

  afterAll(async () => {
    await nginx?.stop();
    await uwsgi?.stop();
  });

  const seen = async (): Promise<Seen[]> =>
    JSON.parse((await call(uwsgi.ports.proxy, '/seen')).body);

  /** A request of nginx to itself has a length, that of no body. */
  const namesOf = ({ headers }: Seen) =>
    Object.keys(headers)
      .filter((name) => name !== 'HTTP_CONTENT_LENGTH')
      .sort();

  test.each(protocols)(
    '%s: at polls, at a followed Location, at a streamed result',
    async (name) => {
      const { length } = await seen();
      const { status, body } = await call(nginx.port, `/${name}/job`, { headers: HEADERS });
      expect({ status, body }).toEqual({
        status: 200,
        body: expect.stringMatching(`^GET /poll/${name}/\\d+/found\n$`),
      });
      const [first, ...others] = (await seen()).slice(length);
      const methods = others.map(({ method }) => method).join();
      expect(methods).toMatch(/^(POST,){2,}GET,GET/);
      expect(first?.headers).toMatchObject({ HTTP_COOKIE: 'session=1', HTTP_X_REQUEST_ID: '7' });
      for (const request of others) {
        expect(namesOf(request)).toEqual(namesOf(first as Seen));
        expect(request.headers).toMatchObject({ HTTP_COOKIE: 'session=1', HTTP_X_REQUEST_ID: '7' });
      }
    },
  );

  test.each(protocols)('%s: at the DELETE of a cancelled job', async (name) => {
    const { length } = await seen();
    const client = openHttp1(nginx.port, `/${name}/slow`);
    await until('the job is polled', async () => (await seen()).length > length + 1);
    client.disconnect('FIN');
    await until('the job is cancelled', async () =>
      (await seen()).slice(length).some(({ method }) => method === 'DELETE'),
    );
    const requests = (await seen()).slice(length);
    const last = requests.find(({ method }) => method === 'DELETE') as Seen;
    expect(last.path).toMatch(new RegExp(`^/poll/${name}/\\d+/cancelled$`));
    expect(namesOf(last).filter((each) => each !== 'HTTP_CONNECTION')).toEqual(['HTTP_HOST']);
  });

  test.each(protocols)('%s: a header TE of the client is of its own connection', async (name) => {
    const { length } = await seen();
    const { status } = await call(nginx.port, `/${name}/job`, { headers: { TE: 'trailers' } });
    expect(status).toBe(200);
    const [, ...others] = (await seen()).slice(length);
    expect(others.filter(({ headers }) => 'HTTP_TE' in headers)).toEqual([]);
  });

  test("a call that fits into uWSGI's default buffer gets its result", async () => {
    const withCookie = (length: number, path: string) =>
      call(nginx.port, path, { headers: { ...HEADERS, Cookie: 'c'.repeat(length) } });
    // more than 4096 bytes are refused by an empty answer
    let fits = 1_000;
    for (let step = 2_048; step >= 1; step /= 2) {
      const { status } = await withCookie(fits + step, '/uwsgi/plain');
      fits += status === 200 ? step : 0;
    }
    expect(fits).toBeGreaterThan(3_200);
    expect(fits).toBeLessThan(4_000);
    expect((await withCookie(fits + 1, '/uwsgi/plain')).status).toBe(502);
    expect((await withCookie(fits, '/uwsgi/job')).status).toBe(200);
  });
});
