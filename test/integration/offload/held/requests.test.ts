/** Offloaded calls with different methods, bodies and versions of HTTP. */

import { execFile } from 'node:child_process';
import http from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import net from 'node:net';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { BulkApp, digestOf, NOTHING_READ } from '../../../../testkit/apps/bulk';
import { MIB, patternOf } from '../../../../testkit/apps/pattern';
import { selfSigned } from '../../../../testkit/machines/certificate';
import { labelArguments } from '../../../../testkit/machines/labels.js';
import { growthDuring } from '../../../../testkit/machines/memory';
import { freePort, Nginx, onRelease, stable } from '../../../../testkit/servers/nginx';

/**
 * Debian's curl, with OpenSSL's QUIC, sometimes waits for responses that have come, most often on a busy
 * machine: https://github.com/curl/curl/issues/18336. Its timeout is 28.
 */
async function repeated(curl: () => Promise<string>, times = 5): Promise<string> {
  try {
    return await curl();
  } catch (error) {
    if (times === 1 || (error as { code?: unknown }).code !== 28) {
      throw error;
    }
    return repeated(curl, times - 1);
  }
}

describe.each(stable)(onRelease, (release) => {
  const app = new BulkApp();
  const { files, lines } = selfSigned();
  const hasHttp3 = release.release !== 'bookworm';
  let nginx: Nginx;
  let ports: Record<'h2c' | 'https' | 'h2' | 'h3', number>;

  beforeAll(async () => {
    await app.start();
    const [h2c, tls, h2, h3] = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
    ports = { h2c, https: tls, h2, h3 } as typeof ports;
    nginx = await Nginx.start(release, {
      appPort: app.port,
      files,
      server: `
        listen 127.0.0.1:${h2c} http2;
        listen 127.0.0.1:${tls} ssl;
        listen 127.0.0.1:${h2} ssl http2;
        ${hasHttp3 ? `listen 127.0.0.1:${h3} quic reuseport;` : ''}
        ${lines}
        client_max_body_size 200m;
        location /unbuffered/ {
            proxy_request_buffering off;
            proxy_http_version 1.1;
            proxy_pass http://app/;
            include offload/proxy.conf;
        }`,
      location: 'proxy_set_header X-Forwarded-Proto $offload_scheme;',
      waiter: 'proxy_set_header X-Forwarded-Proto $offload_scheme;',
    });
  });

  afterAll(async () => {
    await nginx?.stop();
    await app.stop();
  });

  beforeEach(() => {
    app.pollBodyLength = 0;
    app.polls.length = 0;
  });

  const send = async (options: https.RequestOptions, body?: Iterable<Buffer>) => {
    const isTls = options.protocol === 'https:';
    const request = (isTls ? https : http).request({
      host: '127.0.0.1',
      port: isTls ? ports.https : nginx.port,
      path: '/upload',
      agent: false,
      rejectUnauthorized: false,
      ...options,
    });
    const response = new Promise<http.IncomingMessage>((resolve, reject) => {
      request.on('response', resolve).on('error', reject);
    });
    if (body === undefined) {
      request.end();
    } else {
      Readable.from(body).pipe(request);
    }
    const answer = await response;
    const pieces: Buffer[] = [];
    for await (const piece of answer) {
      pieces.push(piece);
    }
    const text = Buffer.concat(pieces).toString();
    return { status: answer.statusCode, headers: answer.headers, text };
  };

  const digest = (method: string, text: string) => digestOf([Buffer.from(text)], method);

  const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

  test(`${METHODS.join(', ')} without a body`, async () => {
    const answers = await Promise.all(METHODS.map((method) => send({ method })));
    expect(answers.map(({ text }) => JSON.parse(text))).toEqual(
      await Promise.all(METHODS.map((method) => digest(method, ''))),
    );
  });

  test(`${METHODS.join(', ')} with a body, which is not sent with polls`, async () => {
    const headers = { 'Content-Length': 4, Expect: '100-continue' };
    const answers = await Promise.all(
      METHODS.map((method) => send({ method, headers }, [Buffer.from('body')])),
    );
    expect(answers.map(({ text }) => JSON.parse(text))).toEqual(
      await Promise.all(METHODS.map((method) => digest(method, 'body'))),
    );
    expect(app.pollBodyLength).toBe(0);
  });

  test('HEAD gets the headers of the result of a HEAD', async () => {
    const answer = await send({ method: 'HEAD' });
    expect(answer).toMatchObject({ status: 200, text: '' });
    const length = JSON.stringify(await digest('HEAD', '')).length;
    expect(answer.headers).toMatchObject({ 'content-length': `${length}` });
  });

  describe.each([
    ['buffered', ''],
    ['unbuffered (proxy_request_buffering off)', '/unbuffered'],
  ])('a body of 50 MB, %s', (_, prefix) => {
    const size = 50 * MIB;

    test.each([
      ['with a Content-Length', { 'Content-Length': size }],
      ['chunked', { 'Transfer-Encoding': 'chunked' }],
    ])('%s, is sent to the app once and uses no memory of nginx', async (_, headers) => {
      const options = { method: 'POST', path: `${prefix}/upload`, headers };
      let answer: { status?: number | undefined; text: string } = { text: '' };
      const growth = await growthDuring(nginx, async () => {
        answer = await send(options, patternOf(size));
      });
      expect(answer.status).toBe(200);
      expect(JSON.parse(answer.text)).toEqual(await digestOf(patternOf(size), 'POST'));
      expect(growth).toBeLessThan(10 * MIB);
      expect(app.pollBodyLength).toBe(0);
    });

    test('may be ignored by an app that signals at once', async () => {
      // nginx reads no more of an ignored body than fits into its buffers
      const headers = { 'Content-Length': MIB };
      const options = { method: 'POST', path: `${prefix}/unread`, headers };
      const answer = await send(options, patternOf(MIB));
      expect(JSON.parse(answer.text)).toEqual(NOTHING_READ);
    });
  });

  /** Sends a text on one connection. @returns all data until the connection is closed */
  const exchange = async (text: string) => {
    const socket = net.connect(nginx.port, '127.0.0.1');
    socket.write(text);
    const pieces: Buffer[] = [];
    for await (const piece of socket) {
      pieces.push(piece);
    }
    return Buffer.concat(pieces).toString();
  };

  const posts = (version: string, bodies: string[]) =>
    bodies
      .map((body, i) => {
        const connection = i + 1 < bodies.length ? 'keep-alive' : 'close';
        const head = `POST /upload HTTP/${version}\r\nHost: localhost\r\nConnection: ${connection}`;
        return `${head}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
      })
      .join('');

  const digestsIn = (answers: string) =>
    (answers.match(/\{.*?\}/g) ?? []).map((text) => JSON.parse(text));

  test.each(['1.0', '1.1'])('HTTP/%s', async (version) => {
    const answer = await exchange(posts(version, ['one']));
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(answer).toContain('\r\nConnection: close\r\n');
    expect(digestsIn(answer)).toEqual([await digest('POST', 'one')]);
  });

  test('HTTP/1.0: a result of 8 MB without a Content-Length ends with the connection', async () => {
    const answer = await exchange(`GET /large?size=${8 * MIB}&chunked=1 HTTP/1.0\r\n\r\n`);
    const [head = ''] = answer.split('\r\n\r\n', 1);
    expect(head).not.toMatch(/Transfer-Encoding|Content-Length/i);
    const expected = Buffer.concat([...patternOf(8 * MIB)]).toString();
    expect(answer.slice(head.length + 4) === expected).toBe(true);
  });

  test('keepalive: consecutive calls on one connection', async () => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    let connections = 0;
    for (const body of ['one', 'two', 'three']) {
      const answer = await send({ method: 'POST', agent }, [Buffer.from(body)]);
      expect(JSON.parse(answer.text)).toEqual(await digest('POST', body));
      connections = Object.values(agent.freeSockets).flat().length;
    }
    expect(connections).toBe(1);
    agent.destroy();
  });

  test('pipelining: three calls in one write get their responses in order', async () => {
    const bodies = ['one', 'two', 'three'];
    const answers = await exchange(posts('1.1', bodies));
    expect(answers.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(3);
    expect(digestsIn(answers)).toEqual(
      await Promise.all(bodies.map((body) => digest('POST', body))),
    );
  });

  test.each([
    ['HTTP/2', 'http', 'h2c'],
    ['HTTP/2 over TLS', 'https', 'h2'],
  ] as const)(
    '%s: each of 100 streams of one connection gets its own result',
    async (_, scheme, port) => {
      const session = http2.connect(`${scheme}://127.0.0.1:${ports[port]}`, {
        rejectUnauthorized: false,
      });
      const post = async (body: string) => {
        const stream = session.request({ ':method': 'POST', ':path': '/upload' });
        stream.end(body);
        let text = '';
        for await (const piece of stream) {
          text += piece;
        }
        return JSON.parse(text);
      };
      const bodies = Array.from({ length: 100 }, (_, i) => `stream ${i}`);
      const answers = await Promise.all(bodies.map(post));
      session.close();
      expect(answers).toEqual(await Promise.all(bodies.map((body) => digest('POST', body))));
      expect(new Set(app.polls.map((poll) => poll['x-forwarded-proto']))).toEqual(
        new Set([scheme]),
      );
    },
  );

  test.each(['http', 'https'])('a poll for an %s client has this scheme', async (scheme) => {
    const answer = await send({ protocol: `${scheme}:`, method: 'POST' }, [Buffer.from('one')]);
    expect(JSON.parse(answer.text)).toEqual(await digest('POST', 'one'));
    expect(app.polls.map((poll) => poll['x-forwarded-proto'])).toEqual([scheme, scheme]);
  });

  if (hasHttp3) {
    test('HTTP/3: each stream of one connection gets its own result', async () => {
      const bodies = ['one', 'two', 'three', 'four', 'five'];
      const calls = bodies.map((body) => [
        ...['--http3-only', '--insecure', '--silent', '--show-error', '--max-time', '5'],
        ...['--data', body, '--write-out', ' %{http_version} %{num_connects}\n'],
        `https://127.0.0.1:${ports.h3}/upload`,
      ]);
      const curl = async () => {
        const { stdout } = await promisify(execFile)('docker', [
          ...['run', '--rm', '--network', 'host', ...labelArguments()],
          ...['offload-curl:trixie', '--parallel'],
          ...calls.flatMap((call, i) => (i === 0 ? call : ['--next', ...call])),
        ]);
        return stdout;
      };
      const stdout = await repeated(curl);
      // curl writes the responses of parallel calls in any order
      const answers = digestsIn(stdout).map((one) => one.sha256);
      const digests = await Promise.all(bodies.map((body) => digest('POST', body)));
      expect(answers.sort()).toEqual(digests.map((one) => one.sha256).sort());
      const connects = [...stdout.matchAll(/ 3 (\d)\n/g)].map(([, count]) => count);
      expect(connects.sort()).toEqual(['0', '0', '0', '0', '1']);
      expect(new Set(app.polls.map((poll) => poll['x-forwarded-proto']))).toEqual(
        new Set(['https']),
      );
    });
  } else {
    test("this Debian's nginx has no HTTP/3", () =>
      nginx.run('sh', '-c', '! nginx -V 2>&1 | grep http_v3_module'));
  }
});
