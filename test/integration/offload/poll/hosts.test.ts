/** A held client whose request has two hosts: its polls have that by which nginx chose the server. */

import { App } from '../../../../testkit/apps/app';
import { spoken } from '../../../../testkit/clients/spoken';
import { ends, Nginx, onRelease } from '../../../../testkit/servers/nginx';

describe.each(ends)(onRelease, (release) => {
  const app = new App();
  let nginx: Nginx;

  beforeAll(async () => {
    await app.start();
    nginx = await Nginx.start(release, {
      appPort: app.port,
      server: 'server_name pub.example;',
      location: 'proxy_set_header Host $offload_host;',
      waiter: `
        proxy_set_header Host $offload_host;
        location /found/ {
            proxy_pass http://app;
            include offload/poll.conf;
        }`,
    });
  });

  afterAll(async () => {
    await nginx?.stop();
    await app.stop();
  });

  /** Status of a call, and the hosts that the app saw. */
  const call = async (first: string, lines: string[]) => {
    const before = app.seen.length;
    const { status } = await spoken(nginx.port, first, lines);
    const seen = app.seen.slice(before);
    const hosts = (isPoll: boolean) => [
      ...new Set(
        seen
          .filter(({ url }) => url.startsWith('/poll/') === isPoll)
          .map(({ headers }) => headers.host),
      ),
    ];
    return { status, call: hosts(false), polls: hosts(true) };
  };

  test.each([
    ['/job?length=300', ['Host: pub.example:8080'], 'pub.example:8080'],
    ['/job?length=300', ['Host: Pub.Example.'], 'Pub.Example.'],
    ['http://pub.example/job?length=300', ['Host: pub.example:8080'], 'pub.example:8080'],
    ['http://pub.example/job?length=300', ['Host: intra.example'], 'pub.example'],
    ['http://PUB.example:8080/job?length=300', ['Host: intra.example:80'], 'pub.example'],
  ])('%s, %s', async (uri, lines, host) => {
    const seen = await call(`GET ${uri} HTTP/1.1`, lines);
    expect(seen).toEqual({ status: 200, call: [host], polls: [host] });
  });

  test('HTTP/1.0 without a Host', async () => {
    const seen = await call('GET /job?length=300 HTTP/1.0', []);
    expect(seen).toEqual({ status: 200, call: ['pub.example'], polls: ['pub.example'] });
  });

  test('the Location of a result is on the host of the URI', async () => {
    const location = encodeURIComponent('http://pub.example/found/1');
    const uri = `http://pub.example/job?length=300&location=${location}`;
    for (const host of ['pub.example', 'intra.example']) {
      const { status, body } = await spoken(nginx.port, `GET ${uri} HTTP/1.1`, [`Host: ${host}`]);
      expect([host, status, body]).toEqual([host, 200, 'found GET /found/1\n']);
    }
  });
});
