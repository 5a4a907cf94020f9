/** Failing polls, timeouts and rejected signals. */

import { App } from '../../../../testkit/apps/app';
import { call, disconnects } from '../../../../testkit/clients/client';
import { sleep, until } from '../../../../testkit/clients/until';
import { ends, freePort, Nginx, onRelease } from '../../../../testkit/servers/nginx';

describe.each(ends)(onRelease, (release) => {
  const app = new App();
  let nginx: Nginx;
  let http2Port: number;

  beforeAll(async () => {
    await app.start();
    http2Port = await freePort();
    nginx = await Nginx.start(release, {
      appPort: app.port,
      server: `
        listen 127.0.0.1:${http2Port} http2;
        error_page 504 /too-late.html;
        location = /too-late.html { return 200 "too late"; }
        location /short/ {
            set $offload_timeout 2s;
            proxy_pass http://app/;
            include offload/proxy.conf;
        }
        location /transient/ {
            set $offload_transient "500 520";
            proxy_pass http://app/;
            include offload/proxy.conf;
        }
        location /unreadable/ {
            set $offload_transient 5xx;
            proxy_pass http://app/;
            include offload/proxy.conf;
        }`,
    });
  });

  afterAll(async () => {
    await nginx.stop();
    await app.stop();
  });

  const lastJob = () => app.jobs.list().at(-1);
  const ownResult = () => ({ status: 200, body: `result of job ${lastJob()?.id}\n` });

  test('failed polls are transient', async () => {
    const faults = ['fault=reset', 'fault=garbage', 'pending=502', 'pending=503', 'pending=504'];
    const found = faults.map(async (fault) => {
      const { status, body } = await call(nginx.port, `/job?length=2000&${fault}&tag=${fault}`);
      const { id, polls } = app.jobs.tagged(fault) ?? { id: 'none', polls: [] };
      const isOwn = status === 200 && body === `result of job ${id}\n`;
      return [fault, isOwn, polls.length > 1 && polls.length < 12];
    });
    expect(await Promise.all(found)).toEqual(faults.map((fault) => [fault, true, true]));
  });

  test.each([500, 520])(
    'a poll with a %i listed in $offload_transient is transient',
    async (status) => {
      const answer = await call(nginx.port, `/transient/job?length=1000&pending=${status}`);
      expect(answer).toMatchObject(ownResult());
    },
  );

  test.each(['/job', '/transient/job', '/unreadable/job'])(
    'a 500 or a 501 that is not listed is a result: %s',
    async (path) => {
      const status = path === '/transient/job' ? 501 : 500;
      const answer = await call(nginx.port, `${path}?length=100&status=${status}`);
      expect(answer).toMatchObject({ ...ownResult(), status });
    },
  );

  test('an invalid $offload_transient is ignored and logged', async () => {
    await call(nginx.port, '/unreadable/job?length=100');
    expect(nginx.errorLog()).toContain('$offload_transient is "5xx", which is no list of statuses');
  });

  test('an incomplete result is polled again', async () => {
    expect(await call(nginx.port, '/job?length=100&truncate=2')).toMatchObject(ownResult());
    expect(lastJob()?.results).toBe(3);
  });

  test('a client that leaves during a poll is not polled for again', async () => {
    const polledAgain = disconnects.map(async ({ name, open, how }) => {
      const tag = `${name}-${how}`;
      // the app responds to each poll after 200 ms
      const path = `/job?length=60000&tag=${tag}&fault=slow`;
      const client = open(name === 'HTTP/2' ? http2Port : nginx.port, path);
      const polls = () => app.jobs.tagged(tag)?.polls.length ?? 0;
      await until('three polls', () => polls() >= 3);
      await sleep(50);
      client.disconnect(how);
      await until('the access log has a 499', () =>
        nginx.accessLog().some((line) => line.startsWith(`499 GET ${path} `)),
      );
      const before = polls();
      // much longer than the pauses
      await sleep(1_200);
      return [tag, polls() - before];
    });
    expect(await Promise.all(polledAgain)).toEqual(
      disconnects.map(({ name, how }) => [`${name}-${how}`, 0]),
    );
  });

  test('after the timeout the client gets a 504, or the error page of the server', async () => {
    const faults = ['fault=reset', 'fault=hang', 'pending=503'];
    const answers = await Promise.all(
      faults.map((fault) => call(nginx.port, `/short/job?length=60000&${fault}`)),
    );
    for (const answer of answers) {
      expect(answer).toMatchObject({ status: 504, body: 'too late' });
      expect(answer.ms).toBeGreaterThan(1900);
      expect(answer.ms).toBeLessThan(4000);
    }
  });

  test('signals with a path that is not to be polled are rejected without a poll', async () => {
    const signals = [
      ['/admin', '1', '/admin/1/0', 'is served by no location of the waiter'],
      ['http://elsewhere/poll', '1', 'http://elsewhere/poll 1', 'is no path'],
      ['//elsewhere/poll', '1', '//elsewhere/poll 1', 'has an empty segment'],
      ['/poll/../admin', '1', '/poll/../admin 1', 'has a . or .. segment'],
      ['/poll', '../../admin', '/poll ../../admin', 'has a . or .. segment'],
      ['/poll', '%2e%2e/admin', '/poll %2e%2e/admin', 'has a . or .. segment'],
      ['/poll', '1%2f2', '/poll 1%2f2', 'or a slash'],
      ['/.offload', 'wait', '/.offload wait', "is the waiter's own"],
      ['/.offload/pause', '393', '/.offload/pause 393', "is the waiter's own"],
    ];
    const requests = app.seen.length;
    for (const [url = '', args = '', logged, reason] of signals) {
      const { status } = await call(nginx.port, `/signal?${new URLSearchParams({ url, args })}`);
      const lines = nginx
        .errorLog()
        .split('\n')
        .filter((line) => line.includes(`"${logged}" is not polled`));
      expect({ url, args, status, lines }).toEqual({
        ...{ url, args, status: 502 },
        lines: [expect.stringContaining(reason as string)],
      });
    }
    await sleep(300);
    // the calls themselves only
    expect(app.seen.slice(requests).filter((seen) => !seen.url.startsWith('/signal?'))).toEqual([]);
    expect(app.seen).toHaveLength(requests + signals.length);
  });

  test('a Location on another host is rejected', async () => {
    const location = encodeURIComponent('http://elsewhere/found/1');
    expect((await call(nginx.port, `/job?length=100&location=${location}`)).status).toBe(502);
    expect(nginx.errorLog()).toContain(
      '"http://elsewhere/found/1" is not polled: it is on another host',
    );
  });

  test('X-Offload headers of a client are ignored', async () => {
    const answer = await call(nginx.port, '/job?length=100', {
      headers: {
        'X-Offload-Url': '/admin',
        'X-Offload-Args': '7',
        'X-Offload-Timeout': '10ms',
        'X-Offload-Since': '1',
        'X-Offload-Fault': '1',
        'X-OffloadToPoller-Url': '/admin',
      },
    });
    expect(answer).toMatchObject(ownResult());
    expect(
      (await call(nginx.port, '/no-signal', { headers: { 'X-Offload-Url': '/admin' } })).status,
    ).toBe(418);
  });
});
