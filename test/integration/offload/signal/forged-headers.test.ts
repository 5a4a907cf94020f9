/** Headers and paths of a client have no effect on polling. */

import net from 'node:net';
import { App } from '../../../../testkit/apps/app';
import { call } from '../../../../testkit/clients/client';
import { engines, Nginx, onRelease } from '../../../../testkit/servers/nginx';

/** All internal headers, between nginx's two servers and between nginx and the app. */
const FORGED: Record<string, string> = {
  'X-OffloadToPoller-Url': '/admin',
  'X-OffloadToPoller-Args': '7',
  'X-Offload-Url': '/admin',
  'X-Offload-Args': '7',
  'X-Offload-Since': '1',
  'X-Offload-Timeout': '10ms',
  'X-Offload-Interval': '30s',
  'X-Offload-Backoff': '200%',
  'X-Offload-Max-Interval': '10ms',
  'X-Offload-Fault': '1',
  'X-Offload-Outcome': 'timeout',
  'X-Offload-Cancel': '/jobs/1',
  'X-Offload-Client': '192.0.2.1',
  'X-Offload-Scheme': 'https',
  'X-Offload-Request-Id': 'forged',
  TE: '1\t\t10ms\t\t\t\t\t\t\thttps\tforged\t\t/admin\t7\t/jobs/1\t 192.0.2.1',
  'X-Pad': 'timeout',
  'X-Accel-Redirect': '/admin',
  'X-Accel-Expires': '60',
  'X-Accel-Limit-Rate': '1',
  'X-Accel-Buffering': 'no',
  'X-Accel-Charset': 'latin1',
};

type Lines = [name: string, value: string][];

const FORGERIES: [how: string, lines: Lines][] = [
  ['unchanged', Object.entries(FORGED)],
  ['twice, in lower case', lines((name) => [name.toLowerCase(), name.toLowerCase()])],
  ['in upper case', lines((name) => [name.toUpperCase()])],
  ['with underscores', lines((name) => [name.replaceAll('-', '_')])],
  ['twice, with one underscore', lines((name) => [name.replace('-', '_'), name])],
];

function lines(names: (name: string) => string[]): Lines {
  return Object.entries(FORGED).flatMap(([name, value]) =>
    names(name).map((one): [string, string] => [one, value]),
  );
}

describe.each(engines)(onRelease, (release) => {
  const app = new App();
  let nginx: Nginx;

  beforeAll(async () => {
    await app.start();
    const seen = `
        proxy_set_header Seen-Address $remote_addr;
        proxy_set_header Seen-Scheme  $offload_scheme;
        proxy_set_header Seen-Id      $offload_request_id;`;
    nginx = await Nginx.start(release, {
      appPort: app.port,
      // locations of the public server without the offload, which a signal must not reach
      server: `
        location /short/ {
            set $offload_timeout 1s;
            proxy_pass http://app/;
            include offload/proxy.conf;
        }
        location /inside/ { proxy_pass http://app; }
        location /inside/php/ {
            fastcgi_split_path_info ^(.+php)(/.+)$;
            proxy_pass http://app;
        }`,
      // accepts as many headers as nginx can be configured to accept
      http: 'underscores_in_headers on; ignore_invalid_headers off;',
      location: seen,
      waiter: seen,
    });
  });

  afterAll(async () => {
    await nginx?.stop();
    await app.stop();
  });

  /** Sends the given header lines unchanged; HTTP/1.0, so that the response is not chunked. */
  const send = async (target: string, sent: Lines) => {
    const socket = net.connect(nginx.port, '127.0.0.1');
    const text = sent.map(([name, value]) => `${name}: ${value}\r\n`).join('');
    socket.write(`GET ${target} HTTP/1.0\r\nHost: localhost\r\n${text}\r\n`);
    let answer = '';
    for await (const piece of socket) {
      answer += piece;
    }
    const [head = '', body] = answer.split('\r\n\r\n');
    return { status: Number(head.split(' ')[1]), body };
  };

  describe.each(FORGERIES)('forged headers, %s', (_, sent) => {
    test('do not change the schedule, the client address, the scheme or the request id', async () => {
      const seen = app.seen.length;
      const answer = await send('/job?length=700', sent);
      const job = app.jobs.list().at(-1);
      expect(answer).toEqual({ status: 200, body: `result of job ${job?.id}\n` });
      expect(job?.polls.length).toBeGreaterThan(0);
      expect(job?.polls.length).toBeLessThan(5);
      expect(job?.cancels).toBe(0);
      const requests = app.seen.slice(seen);
      const id = requests[0]?.headers['seen-id'];
      expect(id).toMatch(/^[0-9a-f]{32}$/);
      for (const { url, headers } of requests) {
        expect(url).toMatch(new RegExp(`^/(job|poll/${job?.id}/\\d$)`));
        expect(headers).toMatchObject({
          'seen-address': '127.0.0.1',
          'seen-scheme': 'http',
          'seen-id': id,
        });
      }
    });

    test('do not offload a call without a signal', async () => {
      const seen = app.seen.length;
      expect(await send('/fast', sent)).toEqual({ status: 200, body: 'fast\n' });
      expect((await send('/no-signal', sent)).status).toBe(418);
      expect(app.seen.slice(seen).map(({ url }) => url)).toEqual(['/fast', '/no-signal']);
    });
  });

  test.each([
    '/.offload/wait',
    '/.offload/private',
    '/.offload/x/../wait',
    '/%2eoffload/wait',
    '/@offload',
    '/@offload_again',
    '/@offload_fault',
    '/@offload_end',
  ])('%s is passed to the app', async (path) => {
    const seen = app.seen.length;
    const answer = await send(path, Object.entries(FORGED));
    expect(answer).toEqual({ status: 404, body: 'no such route\n' });
    expect(app.seen.slice(seen).map(({ url }) => url)).toEqual([path]);
  });

  test.each(['/.offload/cancel', '/.offload/./cancel'])('%s is internal: a 404', async (path) => {
    const seen = app.seen.length;
    expect((await send(path, Object.entries(FORGED))).status).toBe(404);
    expect(app.seen.slice(seen)).toEqual([]);
  });

  test.each(['/.offload/wait', '/.offload/cancel', '/.offload/private', '/@offload'])(
    'a Location of %s is rejected',
    async (path) => {
      const seen = app.seen.length;
      const answer = await call(nginx.port, `/job?length=100&location=${path}`);
      expect(answer.status).toBe(502);
      expect(nginx.errorLog()).toContain(`offload: "${path}" is not polled`);
      expect(app.seen.slice(seen).filter(({ method }) => method !== 'POST')).toHaveLength(1);
    },
  );

  test("only nginx's user can connect to the waiter's socket", async () => {
    const connect = (user: string, group: string) =>
      nginx.run(
        ...['setpriv', `--reuid=${user}`, `--regid=${group}`, '--clear-groups'],
        ...['perl', '-MIO::Socket::UNIX', '-e'],
        'IO::Socket::UNIX->new(Peer => "/run/nginx-offload/waiter.sock") or die "$!\\n"',
      );
    await expect(connect('nobody', 'nogroup')).rejects.toThrow('Permission denied');
    await connect('www-data', 'www-data');
  });

  // the last one, as it removes the socket
  test.each(['/inside', '/inside/php'])(
    'a signal of %s reaches no location of the public server when the waiter can not be reached',
    async (path) => {
      await nginx.run('rm', '-f', '/run/nginx-offload/waiter.sock');
      const seen = app.seen.length;
      const answer = await call(nginx.port, `/short/signal?url=${path}&args=7`);
      expect(answer.status).toBe(503);
      expect(app.seen.slice(seen).map(({ url }) => url)).toEqual([
        expect.stringMatching(/^\/signal/),
      ]);
    },
  );
});
