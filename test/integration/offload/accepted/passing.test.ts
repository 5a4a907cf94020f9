/** What passes through a marked location is on the wire what plain proxy_pass makes of it, in both directions. */

import { createHash } from 'node:crypto';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { RawApp } from '../../../../testkit/apps/raw';
import { call } from '../../../../testkit/clients/client';
import { type RawAnswer, rawCall } from '../../../../testkit/clients/raw';
import { until } from '../../../../testkit/clients/until';
import { ends, engines, Nginx, onRelease } from '../../../../testkit/servers/nginx';

const SAME = `
  proxy_set_header Host $http_host;
  proxy_set_header X-Real-IP $remote_addr;
  proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;`;

/** Both ways to the same app; the lines of its location are those of the private one. */
const ways = (lines: string) => ({
  http: 'map $who $offload_identity { default $who; }',
  server: `
    set_real_ip_from 127.0.0.1;
    real_ip_header X-Client;
    location /plain/ {
      proxy_http_version 1.1;
      proxy_set_header X-Forwarded-Proto $scheme; proxy_set_header X-Port $server_port;
      proxy_set_header X-Who alice;
      proxy_pass http://app;
      ${lines}
    }
    location /marked/ { set $who alice; include offload/accepted.conf; }`,
  waiter: `location /marked/ {
      proxy_set_header X-Forwarded-Proto $offload_scheme; proxy_set_header X-Port $offload_port;
      proxy_set_header X-Who $offload_identity;
      proxy_pass http://app;
      ${lines}
      include offload/operation.conf;
    }`,
});

const reply = (first: string, lines: string[] = [], body = 'body') =>
  [`HTTP/1.1 ${first}`, ...lines, `Content-Length: ${body.length}`, '', body].join('\r\n');

const REPLIES: Record<string, string> = {
  ...Object.fromEntries(
    [200, 201, 203, 206, 300, 301, 302, 303, 307, 400, 401, 403, 404, 405, 409, 410]
      .concat([412, 413, 416, 418, 422, 429, 451, 500, 501, 503, 505, 599])
      .map((status) => [
        `${status}`,
        reply(`${status} Some Words`, ['Location: /plain/x', 'X-A: b']),
      ]),
  ),
  '204': 'HTTP/1.1 204 No Content\r\nX-A: b\r\n\r\n',
  '304': 'HTTP/1.1 304 Not Modified\r\nETag: "x"\r\n\r\n',
  '502 of the app': reply('502 Bad', ['X-A: b']),
  '504 of the app': reply('504 Late', ['X-A: b']),
  '202 without a Location': reply('202 Accepted'),
  'lines of one name': reply('200 OK', [
    'Set-Cookie: a=1',
    'Set-Cookie: b=2',
    'Link: <a>',
    'Link: <b>',
  ]),
  'what nginx copies': reply('200 OK', [
    ...['Cache-Control: no-store, private', 'Expires: 0', 'Accept-Ranges: bytes'],
    ...[
      'Content-Disposition: attachment; filename="a.txt"',
      'Last-Modified: Mon, 02 Nov 2026 10:00:00 GMT',
    ],
  ]),
  'what nginx keeps': reply('200 OK', [
    'Server: own',
    'Date: Mon, 02 Nov 2026 10:00:00 GMT',
    'X-Pad: a',
  ]),
  'X-Accel of the app': reply('200 OK', [
    ...[
      'X-Accel-Expires: 10',
      'X-Accel-Buffering: no',
      'X-Accel-Charset: utf-8',
      'X-Accel-Limit-Rate: 1000000',
    ],
    'Content-Type: text/plain',
  ]),
  'X-Accel-Redirect of the app': reply('200 OK', ['X-Accel-Redirect: /inside', 'Set-Cookie: a=1']),
  'bytes that are no text': reply('200 OK', ['X-A: \xe9\xff'], '\xff\x00\xfe'),
  encoded: reply('200 OK', ['Content-Encoding: gzip', 'Vary: Accept-Encoding', 'ETag: W/"a"']),
  chunked: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n',
  'until close': 'HTTP/1.1 200 OK\r\n\r\nabc',
  'cut off': 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc',
  'no answer': '',
};

describe.each(ends)(onRelease, (release) => {
  let app: RawApp;
  let nginx: Nginx;
  const names = Object.keys(REPLIES);

  beforeAll(async () => {
    app = new RawApp(({ uri }) => {
      const number = /\/(\d+)\/?$/.exec(uri.split('?')[0] as string)?.[1];
      const text = REPLIES[names[Number(number)] as string];
      return Buffer.from(text ?? reply('200 OK'), 'latin1');
    });
    await app.start();
    const both = ways(SAME);
    nginx = await Nginx.start(release, {
      appPort: app.port,
      ...both,
      server: `${both.server}
        location = /inside { internal; return 200 inside; }
        error_page 502 /own.html;
        location = /own.html { internal; return 200 "a page of the site"; }`,
    });
  });

  afterAll(async () => {
    await nginx?.stop();
    await app?.stop();
  });

  test.each(names)('an answer: %s', async (name) => {
    for (const method of ['GET', 'POST', 'HEAD']) {
      const path = (way: string) => `/${way}/${names.indexOf(name)}`;
      const [plain, marked] = await Promise.all(
        ['plain', 'marked'].map((way) => rawCall(nginx.port, path(way), method)),
      );
      // Cache-Control and Expires come last
      const isMoved = name === 'what nginx copies';
      const ordered = (answer?: RawAnswer) =>
        isMoved ? { ...answer, lines: answer?.lines.sort() } : answer;
      expect(ordered(marked)).toEqual(ordered(plain));
    }
  });

  test.each([
    '/a/b?x=1&y=%20+',
    '/%41%2Fb//c/./d/../e',
    "/a;b=c,d'e(f)!$*~:@",
    '/%E2%82%AC/x?%',
    '/?',
    '/a%20b/%3Fx%23y?q=/?#',
  ])('a request for %s', async (uri) => {
    const headers = {
      Host: 'shop.example:8443',
      'X-Client': '192.0.2.7',
      'X-Forwarded-For': '198.51.100.1',
      Cookie: 'a=1; b=2',
      TE: 'call\t201 202\thttps\t1\tid\t 203.0.113.9',
      'Keep-Alive': 'mallory',
      'X-Empty': '',
    };
    const seen = async (way: string) => {
      const before = app.seen.length;
      await call(nginx.port, `/${way}${uri.split('#')[0]}`, {
        headers,
        method: 'PUT',
        body: 'abc',
      });
      const request = app.seen.slice(before)[0];
      const { host, ...others } = Object.fromEntries(request?.headers ?? []);
      return { line: request?.line.replace(way, 'way'), host, others };
    };
    const plain = await seen('plain');
    expect(plain.host).toBe('shop.example:8443');
    expect((await seen('marked')).others).toEqual(plain.others);
    expect((await seen('marked')).line).toBe(plain.line);
  });

  test('a client cannot reach the private server itself, nor pose as a call', async () => {
    const answers = await Promise.all(
      ['/marked/../.offload/cancel', '/marked/%2e%2e/.offload/poll', '//.offload/wait'].map(
        (path) => rawCall(nginx.port, path, 'POST'),
      ),
    );
    expect(answers.map(({ status }) => status)).not.toContain(499);
    expect(app.seen.filter(({ uri }) => uri.startsWith('/poll'))).toEqual([]);
  });
});

describe.each(engines)(onRelease, (release) => {
  let app: http.Server;
  let nginx: Nginx;
  const events: http.ServerResponse[] = [];
  let body = '';

  beforeAll(async () => {
    app = http.createServer(async (request, response) => {
      if (request.url?.endsWith('/events')) {
        response.writeHead(200, { 'Content-Type': 'text/event-stream', 'X-Accel-Buffering': 'no' });
        response.write('data: first\n\n');
        events.push(response);
        return;
      }
      const hash = createHash('sha256');
      let length = 0;
      for await (const chunk of request as AsyncIterable<Buffer>) {
        hash.update(chunk);
        length += chunk.length;
      }
      if (request.url?.endsWith('/start')) {
        response.writeHead(202, { Location: '/marked/operation' }).end();
      } else if (request.url?.endsWith('/operation')) {
        response.writeHead(body === '' ? 202 : 200).end(body);
      } else if (request.url?.endsWith('/download')) {
        for (let piece = 0; piece < 100; piece++) {
          if (!response.write(Buffer.alloc(1_048_576, piece))) {
            await new Promise((resolve) => response.once('drain', resolve));
          }
        }
        response.end();
      } else {
        response.end(`${length} ${hash.digest('hex')} ${request.headers['content-length']}`);
      }
    });
    app.on('upgrade', (_, socket: net.Socket) => {
      socket.write('HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n');
      socket.on('data', (data) => socket.write(data));
      socket.on('end', () => socket.end());
      socket.on('error', () => undefined);
    });
    await new Promise<void>((resolve) => app.listen(0, '127.0.0.1', resolve));
    nginx = await Nginx.start(release, {
      appPort: (app.address() as AddressInfo).port,
      ...ways('proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $upgrade;'),
      http: `
        client_max_body_size 200m;
        map $http_upgrade $upgrade { "" ""; default upgrade; }
        map $who $offload_identity { default $who; }`,
    });
  });

  afterAll(async () => {
    await nginx?.stop();
    app?.closeAllConnections();
    await new Promise((resolve) => app?.close(resolve));
  });

  test.each(['plain', 'marked'])('/%s/: a WebSocket', async (way) => {
    const socket = net.connect(nginx.port, '127.0.0.1');
    let received = '';
    socket.on('data', (data) => {
      received += data.toString();
    });
    socket.write(
      `GET /${way}/ws HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n`,
    );
    await until('it is one', () => received.includes('101 Switching'));
    for (const word of ['one', 'two']) {
      socket.write(word);
      await until('its word comes back', () => received.endsWith(word));
    }
    socket.destroy();
  });

  test.each(['plain', 'marked'])('/%s/: events come as they are sent', async (way) => {
    let received = '';
    const request = http.get(
      { port: nginx.port, path: `/${way}/events`, agent: false },
      (response) =>
        response.on('data', (data) => {
          received += data;
        }),
    );
    await until('the first', () => received.includes('first'));
    events.pop()?.end('data: second\n\n');
    await until('the second', () => received.includes('second'));
    request.destroy();
  });

  test('100 MB in each direction', async () => {
    const upload = (way: string, headers: http.OutgoingHttpHeaders) =>
      new Promise<string>((resolve, reject) => {
        const request = http.request(
          { port: nginx.port, path: `/${way}/upload`, method: 'POST', headers, agent: false },
          (response) => {
            let text = '';
            response.on('data', (data) => {
              text += data;
            });
            response.on('end', () => resolve(text));
          },
        );
        request.on('error', reject);
        request.end(Buffer.alloc(104_857_600, 'abc'));
      });
    const plain = await upload('plain', {});
    expect(plain).toMatch(/^104857600 /);
    expect(await upload('marked', {})).toBe(plain);
    const chunked = { 'Transfer-Encoding': 'chunked' };
    expect(await upload('marked', chunked)).toBe(await upload('plain', chunked));
    const digest = async (way: string) =>
      createHash('sha256')
        .update((await rawCall(nginx.port, `/${way}/download`)).body)
        .digest('hex');
    expect(await digest('marked')).toBe(await digest('plain'));
  });

  test('no file of an upload is open while its client is held', async () => {
    const open = async () =>
      (await nginx.outputOf('sh', '-c', 'ls -l /proc/[0-9]*/fd 2>/dev/null || true'))
        .split('\n')
        .filter((line) => line.includes('/body/'));
    body = '';
    const answer = call(nginx.port, '/marked/start', {
      method: 'POST',
      body: 'x'.repeat(5_000_000),
    });
    await until('it is held', async () =>
      (await nginx.outputOf('sh', '-c', 'cat /proc/net/unix')).includes('waiter.sock'),
    );
    await until('no file is open', async () => (await open()).length === 0);
    body = 'the result';
    expect(await answer).toMatchObject({ status: 200, body: 'the result' });
  });
});
