/** A request with two hosts, one in its URI and one in its header: nginx's choice of a server decides all. */

import http2 from 'node:http2';
import type { SeenCall } from '../../../testkit/apps/cached';
import { spoken } from '../../../testkit/clients/spoken';
import { type CachedSite, startCachedSite } from '../../../testkit/servers/cached';
import { ends, freePort, onRelease } from '../../../testkit/servers/nginx';

const EMPLOYEE = '127.0.0.2';

describe.each(ends)(onRelease, (release) => {
  let site: CachedSite;
  let port: number;
  let http2Port: number;
  let count = 0;
  const fresh = () => `/reports/${++count}`;

  beforeAll(async () => {
    [port, http2Port] = [await freePort(), await freePort()];
    const server = (name: string, access: string) => `
    server {
        listen 127.0.0.1:${port};
        listen 127.0.0.1:${http2Port} http2;
        server_name ${name};
        ${access}
        include offload/cache/server.conf;
        location /reports/ {
            proxy_cache_valid 200 10m;
            include offload/cache/location.conf;
        }
    }`;
    site = await startCachedSite(release, {
      http: server('pub.example', '') + server('intra.example', `allow ${EMPLOYEE}; deny all;`),
    });
  });

  afterAll(async () => {
    await site?.stop();
  });

  const ask = async (first: string, lines: string[] = [], address?: string) => {
    const { status, body, head } = await spoken(port, first, lines, address);
    const seen: SeenCall | undefined = status === 200 ? JSON.parse(body) : undefined;
    const cache = /X-Cache-Status: (\w+)/.exec(head)?.[1];
    return { status, cache, host: seen?.headers.host, number: seen?.number };
  };
  const employee = (path: string) => ask(`GET ${path} HTTP/1.1`, ['Host: intra.example'], EMPLOYEE);

  test('a page of a host that denies a client is not served to it by another host', async () => {
    const path = fresh();
    expect(await employee(path)).toMatchObject({ cache: 'MISS', host: 'intra.example' });
    expect(await employee(path)).toMatchObject({ cache: 'HIT' });
    expect(await ask(`GET ${path} HTTP/1.1`, ['Host: intra.example'])).toMatchObject({
      status: 403,
    });
    const line = `GET http://pub.example${path} HTTP/1.1`;
    expect(await ask(line, ['Host: intra.example'])).toMatchObject({
      status: 200,
      cache: 'MISS',
      host: 'pub.example',
    });
  });

  test('an absolute URI to one host fills no page of another one', async () => {
    const path = fresh();
    const first = await ask(`GET http://pub.example${path} HTTP/1.1`, ['Host: intra.example']);
    expect(first).toMatchObject({ status: 200, cache: 'MISS', host: 'pub.example' });
    expect(await employee(path)).toMatchObject({ cache: 'MISS', host: 'intra.example' });
    // it is that of the URI's host
    expect(await ask(`GET ${path} HTTP/1.1`, ['Host: pub.example'])).toMatchObject({
      cache: 'HIT',
      number: first.number,
    });
  });

  test('a visitor with a session: the app sees the host of the URI', async () => {
    const lines = ['Host: intra.example', 'Cookie: session=1'];
    expect(await ask(`GET http://pub.example${fresh()} HTTP/1.1`, lines)).toMatchObject({
      cache: 'BYPASS',
      host: 'pub.example',
    });
  });

  const HOSTS: [uri: string, header: string, seen: string][] = [
    ['', 'pub.example', 'pub.example'],
    ['', 'Pub.Example', 'Pub.Example'],
    ['', 'pub.example:8080', 'pub.example:8080'],
    ['', 'pub.example.', 'pub.example.'],
    ['', 'pub.example.:8080', 'pub.example.:8080'],
    ['', 'unknown.example:1', 'unknown.example:1'],
    ['', '192.0.2.1:8080', '192.0.2.1:8080'],
    ['', '[::1]', '[::1]'],
    ['', '[2001:DB8::1]:8080', '[2001:DB8::1]:8080'],
    ['http://pub.example', 'pub.example', 'pub.example'],
    ['http://pub.example:8080', 'pub.example:8080', 'pub.example:8080'],
    ['http://PUB.example', 'pub.example:8080', 'pub.example:8080'],
    ['https://pub.example', 'intra.example', 'pub.example'],
    ['http://pub.example:8080', 'intra.example:8080', 'pub.example'],
    ['http://PUB.example', 'intra.example', 'pub.example'],
    ['http://pub.example', 'intra.pub.example', 'pub.example'],
    ['http://pub.example', 'pub.example.intra.example', 'pub.example'],
    ['http://pub.example', 'pub-example', 'pub.example'],
    ['http://pub.example', '[::1]', 'pub.example'],
  ];
  // a port that is none, which newer nginx refuses
  const MALFORMED: typeof HOSTS = [
    ['', 'pub.example:intra.example', 'pub.example'],
    ['', 'pub.example:80@intra.example', 'pub.example'],
    ['', '[::1]intra.example', '[::1]'],
  ];
  if (release.release !== 'forky') {
    HOSTS.push(...MALFORMED);
  }
  test.each(HOSTS)('URI %s, Host %s: the app sees %s', async (uri, header, seen) => {
    const path = fresh();
    const first = await ask(`GET ${uri}${path} HTTP/1.1`, [`Host: ${header}`]);
    expect(first).toMatchObject({ status: 200, cache: 'MISS', host: seen });
    // the key is of the same host
    expect(await ask(`GET ${path} HTTP/1.1`, [`Host: ${seen}`])).toMatchObject({
      cache: 'HIT',
      number: first.number,
    });
    const purge = `POST /.offload/purge?http://${seen}${path} HTTP/1.1`;
    expect((await spoken(port, purge, ['Host: pub.example'])).body).toBe('purged\n');
  });

  test('HTTP/1.0 without a Host: the name of the server, or that of the URI', async () => {
    expect(await ask(`GET ${fresh()} HTTP/1.0`)).toMatchObject({ host: 'pub.example' });
    const uri = `http://intra.example${fresh()}`;
    expect(await ask(`GET ${uri} HTTP/1.0`)).toMatchObject({ status: 403 });
    expect(await ask(`GET ${uri} HTTP/1.0`, [], EMPLOYEE)).toMatchObject({ host: 'intra.example' });
  });

  test('HTTP/2: an :authority and another Host are refused', async () => {
    // a connection for each, as nginx closes it after the first
    const status = (headers: http2.OutgoingHttpHeaders) =>
      new Promise((resolve, reject) => {
        const session = http2.connect(`http://127.0.0.1:${http2Port}`).on('error', reject);
        const stream = session.request({ ':path': fresh(), ...headers });
        stream.on('response', (answer) => resolve(answer[':status'])).on('error', reject);
        stream.on('close', () => session.close()).resume();
      });
    const before = site.app.calls.length;
    expect(await status({ ':authority': 'pub.example', host: 'intra.example' })).toBe(400);
    expect(site.app.calls.length).toBe(before);
    expect(await status({ ':authority': 'Pub.Example:8080' })).toBe(200);
    expect(site.app.calls.at(-1)?.headers.host).toBe('Pub.Example:8080');
  });
});
