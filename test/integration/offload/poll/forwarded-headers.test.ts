/** Which headers of a call are forwarded with its polls. */

import http2 from 'node:http2';
import net from 'node:net';
import { App } from '../../../../testkit/apps/app';
import { Nginx, onRelease, stable } from '../../../../testkit/servers/nginx';

const BODY = 'the call';

/** Header, value, whether it is forwarded; `1.1` if HTTP/2 forbids it. */
const TABLE: [name: string, value: string, isForwarded: boolean, only?: '1.1'][] = [
  ['Cookie', 'session=1', true],
  ['Authorization', 'Bearer token', true],
  ['Proxy-Authorization', 'Basic eA==', true],
  ['X-Request-ID', '7', true],
  ['Idempotency-Key', 'k', true],
  ['Accept', 'application/pdf', true],
  ['Accept-Language', 'de', true],
  ['Accept-Encoding', 'br', true],
  ['User-Agent', 'client/1', true],
  ['Origin', 'https://shop.example', true],
  ['Referer', 'https://shop.example/cart', true],
  ['Forwarded', 'for=192.0.2.1', true],
  ['X-Forwarded-For', '192.0.2.1', true],
  ['Content-Type', 'application/json', false],
  ['Content-Encoding', 'identity', false],
  ['Content-Language', 'de', false],
  ['Content-Location', '/draft', false],
  ['Content-Disposition', 'attachment', false],
  ['Content-Range', 'bytes 0-7/8', false],
  ['Content-MD5', 'x', false],
  ['Content-Digest', 'sha-256=:x=:', false],
  ['Repr-Digest', 'sha-256=:x=:', false],
  ['Digest', 'sha-256=x', false],
  ['Trailer', 'X-Sum', false],
  ['Expect', '100-continue', false],
  ['Range', 'bytes=0-1', false],
  ['If-Range', '"etag"', false],
  ['If-Match', '*', false],
  ['If-None-Match', '"etag"', false],
  ['If-Modified-Since', 'Thu, 01 Jan 2026 00:00:00 GMT', false],
  ['If-Unmodified-Since', 'Thu, 01 Jan 2099 00:00:00 GMT', false],
  ['TE', 'trailers', false],
  ['Upgrade', 'h2c', false, '1.1'],
  ['Keep-Alive', 'timeout=5', false, '1.1'],
  ['Proxy-Connection', 'keep-alive', false, '1.1'],
];

describe.each(stable)(onRelease, (release) => {
  const app = new App();
  let http1: Nginx;
  let http2Nginx: Nginx;

  beforeAll(async () => {
    await app.start();
    http1 = await Nginx.start(release, { appPort: app.port });
    http2Nginx = await Nginx.start(release, { appPort: app.port, listen: 'http2' });
  });

  afterAll(async () => {
    await http1?.stop();
    await http2Nginx?.stop();
    await app.stop();
  });

  type Sent = [name: string, value: string][];

  /** @returns the status */
  const over11 = async (sent: Sent, end: string) => {
    const socket = net.connect(http1.port, '127.0.0.1');
    const lines = sent.map(([name, value]) => `${name}: ${value}\r\n`).join('');
    socket.write(
      `POST /job?length=400 HTTP/1.1\r\nHost: app.example\r\nConnection: close\r\n${lines}${end}`,
    );
    let text = '';
    for await (const piece of socket) {
      text += piece;
    }
    return /HTTP\/1\.1 (?!100)(\d+)/.exec(text)?.[1];
  };

  const over2 = async (sent: Sent) => {
    const session = http2.connect(`http://127.0.0.1:${http2Nginx.port}`);
    const stream = session.request({
      ':method': 'POST',
      ':path': '/job?length=400',
      ':authority': 'app.example',
      ...Object.fromEntries(sent.map(([name, value]) => [name.toLowerCase(), value])),
    });
    const status = new Promise((resolve, reject) => {
      stream.on('response', (headers) => resolve(String(headers[':status']))).on('error', reject);
    });
    stream.end(BODY);
    stream.resume();
    const result = await status;
    session.close();
    return result;
  };

  /** Headers of the table that the polls have, and their values if they are the same in all polls. */
  const forwardedSince = (seen: number) => {
    const polls = app.seen.slice(seen).filter(({ url }) => url.startsWith('/poll/'));
    expect(polls.length).toBeGreaterThan(0);
    for (const { headers, method } of polls) {
      expect(method).toBe('POST');
      expect(headers['content-length'] ?? '0').toBe('0');
      expect(headers).not.toHaveProperty('transfer-encoding');
    }
    return TABLE.filter(([name]) => polls.some(({ headers }) => name.toLowerCase() in headers)).map(
      ([name, value]) => [
        name,
        polls.every(({ headers }) => headers[name.toLowerCase()] === value) ? value : 'differs',
      ],
    );
  };

  const expected = (rows: typeof TABLE) =>
    rows.filter(([, , isForwarded]) => isForwarded).map(([name, value]) => [name, value]);
  const sent = (rows: typeof TABLE): Sent => rows.map(([name, value]) => [name, value]);

  test.each([
    ['with a Content-Length', `Content-Length: ${BODY.length}\r\n\r\n${BODY}`],
    ['in chunks', `Transfer-Encoding: chunked\r\n\r\n8\r\n${BODY}\r\n0\r\n\r\n`],
  ])('HTTP/1.1, a body %s', async (_, end) => {
    const seen = app.seen.length;
    expect(await over11(sent(TABLE), end)).toBe('200');
    expect(forwardedSince(seen)).toEqual(expected(TABLE));
  });

  test('HTTP/2', async () => {
    const seen = app.seen.length;
    const rows = TABLE.filter(([, , , only]) => only === undefined);
    expect(await over2(sent(rows))).toBe('200');
    expect(forwardedSince(seen)).toEqual(expected(rows));
  });
});
