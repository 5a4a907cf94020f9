/** Polling, settings and logs of offloaded calls (what each way of waiting has to do: ways.test.ts). */

import net from 'node:net';
import { App } from '../../../../testkit/apps/app';
import { call } from '../../../../testkit/clients/client';
import { until } from '../../../../testkit/clients/until';
import { ends, Nginx, onRelease } from '../../../../testkit/servers/nginx';

describe.each(ends)(onRelease, (release) => {
  const app = new App();
  let nginx: Nginx;

  beforeAll(async () => {
    await app.start();
    nginx = await Nginx.start(release, {
      appPort: app.port,
      server: `
        location /short/ {
            set $offload_timeout 2s;
            proxy_pass http://app/;
            include offload/proxy.conf;
        }
        location /unreadable/ {
            set $offload_timeout soon;
            set $offload_backoff -3%;
            proxy_pass http://app/;
            include offload/proxy.conf;
        }`,
    });
  });

  afterAll(async () => {
    await nginx.stop();
    await app.stop();
  });

  const logged = (line: string) =>
    until(`the access log has ${line}`, () => nginx.accessLog().includes(line));

  const lastJob = () => app.jobs.list().at(-1);

  test('polls are POST /poll/ID/0, /poll/ID/1 and so on, with rising numbers, for any method of the call', async () => {
    await call(nginx.port, '/job?length=1200', { method: 'PUT', body: 'some body' });
    const id = lastJob()?.id;
    const polls = app.seen.filter(({ url }) => url.startsWith(`/poll/${id}/`));
    expect(polls.map(({ method }) => method)).toEqual(polls.map(() => 'POST'));
    const numbers = polls.map(({ url }) => Number(url.split('/').at(-1)));
    expect(numbers.slice(0, 2)).toEqual([0, 1]);
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
  });

  test("a poll has the client's cookies and authorization, but no headers about the body or the range", async () => {
    await call(nginx.port, '/job?length=100', {
      method: 'POST',
      body: '{}',
      headers: {
        Cookie: 'session=1',
        Authorization: 'Bearer token',
        'Content-Type': 'application/json',
        'If-None-Match': '"etag"',
        Range: 'bytes=0-1',
      },
    });
    const headers = app.seen.at(-1)?.headers;
    expect(headers).toMatchObject({ cookie: 'session=1', authorization: 'Bearer token' });
    expect(headers).toMatchObject({ 'content-length': '0' });
    for (const name of ['content-type', 'if-none-match', 'range']) {
      expect(headers).not.toHaveProperty(name);
    }
  });

  test('an HTTP/1.0 client without a Host header gets the result', async () => {
    const answer = await new Promise<string>((resolve, reject) => {
      let text = '';
      net
        .connect(nginx.port, '127.0.0.1')
        .on('data', (chunk) => {
          text += chunk;
        })
        .on('error', reject)
        .on('close', () => resolve(text))
        .write('GET /job?length=100 HTTP/1.0\r\n\r\n');
    });
    expect(answer).toMatch(/^HTTP\/1.1 200 OK\r\n/);
    expect(answer).toMatch(/\r\n\r\nresult of job \d+\n$/);
  });

  test.each([202, 400, 425])('a %i is polled again', async (pending) => {
    const answer = await call(nginx.port, `/job?length=700&pending=${pending}`);
    expect(answer).toMatchObject({ status: 200, body: `result of job ${lastJob()?.id}\n` });
  });

  test('Retry-After of the signal delays the first poll', async () => {
    await call(nginx.port, '/job?length=100&hint=1');
    const [first = 0] = lastJob()?.polls ?? [];
    expect(first).toBeGreaterThanOrEqual(980);
    expect(lastJob()?.polls).toHaveLength(1);
  });

  test('Retry-After delays the next poll', async () => {
    await call(nginx.port, '/job?length=1500&retry_after=2');
    expect(lastJob()?.polls).toHaveLength(2);
  });

  test('a Location is requested with GET and not sent to the client', async () => {
    const answer = await call(nginx.port, '/job?length=100&location=/poll/found/7%3Fpart%3D1');
    // the app has no job with this id
    expect(answer).toMatchObject({ status: 404, body: 'no such job\n' });
    expect(app.seen.at(-1)).toMatchObject({ method: 'GET', url: '/poll/found/7?part=1' });
  });

  test('a response without a signal is passed through', async () => {
    expect(await call(nginx.port, '/fast')).toMatchObject({ status: 200, body: 'fast\n' });
    expect(await call(nginx.port, '/nowhere')).toMatchObject({
      status: 404,
      body: 'no such route\n',
    });
  });

  test('a 418 without a signal is passed through', async () => {
    expect((await call(nginx.port, '/no-signal')).status).toBe(418);
    expect(app.seen.at(-1)?.url).toBe('/no-signal');
  });

  test('after $offload_timeout the client gets a 504, and the error log names the job', async () => {
    const answer = await call(nginx.port, '/short/job?length=60000');
    expect(answer.status).toBe(504);
    const id = lastJob()?.id;
    expect(nginx.errorLog()).toMatch(
      new RegExp(
        `offload: no result of "/poll ${id}" in 2\\.\\d s and \\d+ polls; the client gets a 504`,
      ),
    );
    const polls = lastJob()?.polls.length;
    await logged(`504 GET /short/job?length=60000 polls=${polls}`);
  });

  test('an invalid setting is logged, and the default is used', async () => {
    expect((await call(nginx.port, '/unreadable/job?length=100')).status).toBe(200);
    expect(nginx.errorLog()).toContain('$offload_timeout is "soon"');
    expect(nginx.errorLog()).toContain('$offload_backoff is "-3%"');
  });

  test('the access log has the number of polls', async () => {
    await call(nginx.port, '/job?length=1000');
    const polls = lastJob()?.polls.length;
    await logged(`200 GET /job?length=1000 polls=${polls}`);
    await call(nginx.port, '/fast');
    await logged('200 GET /fast polls=');
  });
});
