/** A call of several hops by HTTP's own clients, as Debian has them: each has the result, and the app sees one call. */

import { join } from 'node:path';
import { App } from '../../../../testkit/apps/app';
import { isLong } from '../../../../testkit/jest/long';
import { Container } from '../../../../testkit/machines/container';
import { Nginx, onRelease, stable } from '../../../../testkit/servers/nginx';
import { type RunningBrowser, startBrowser } from '../../metrics/browser';

/** By curl:trixie, with the packages of other clients. */
const IMAGE = `offload-curl:trixie_python3-requests${isLong ? '_golang-go' : ''}`;
const LEAST_HOPS = 3;

interface Had {
  status: number;
  body: string;
}

describe.each(stable)(onRelease, (release) => {
  const app = new App();
  let nginx: Nginx;
  let machine: Container;
  let browser: RunningBrowser;

  beforeAll(async () => {
    await app.start();
    nginx = await Nginx.start(release, {
      appPort: app.port,
      http: 'include offload/hop/http.conf;',
      server: 'include offload/hop/server.conf; set $offload_hop 1s;',
    });
    machine = await Container.start({
      image: IMAGE,
      mounts: { '/clients:ro': join(process.cwd(), 'testkit/clients') },
      entrypoint: ['sleep', 'infinity'],
    });
    if (isLong) {
      await machine.run(['go', 'build', '-o', '/usr/local/bin/get', '/clients/get.go'], {
        CGO_ENABLED: '0',
        GOCACHE: '/tmp/go',
      });
    }
    browser = await startBrowser();
    for (const [name, , ask] of clients) {
      const path = `/job?length=3500&status=201&tag=${encodeURIComponent(name)}`;
      const answer = ask(`http://127.0.0.1:${nginx.port}${path}`);
      answer.catch(() => undefined);
      answers.set(name, answer);
    }
  }, 300_000);

  afterAll(async () => {
    await browser?.stop();
    await machine?.stop();
    await nginx?.stop();
    await app.stop();
  });

  const curl = async (url: string, ...options: string[]): Promise<Had> => {
    const output = await machine.run([
      ...['curl', '--silent', '--show-error', '--location', '--write-out', '%{http_code}'],
      ...[...options, url],
    ]);
    return { status: Number(output.slice(-3)), body: output.slice(0, -3) };
  };

  const run = async (...command: string[]): Promise<Had> => JSON.parse(await machine.run(command));

  const fetched = async (url: string, method: string): Promise<Had> => {
    const answer = await fetch(url, { method, ...(method === 'POST' && { body: 'x' }) });
    return { status: answer.status, body: await answer.text() };
  };

  /** By a script of the site itself. */
  const inChromium = async (url: string, method: string): Promise<Had> => {
    const page = await browser.browser.newPage();
    try {
      await page.goto(new URL('/fast', url).href);
      return await page.evaluate(
        `fetch(${JSON.stringify(url)}, { method: '${method}' })
           .then(async (answer) => ({ status: answer.status, body: await answer.text() }))`,
      );
    } finally {
      await page.close();
    }
  };

  type Client = [name: string, method: string, ask: (url: string) => Promise<Had>];
  const clients: Client[] = [
    ['curl -L', 'GET', (url) => curl(url)],
    ['curl -L -d x', 'POST', (url) => curl(url, '--data', 'x')],
    // which keeps the method behind a 303
    ['curl -X POST -L -d x', 'POST', (url) => curl(url, '--request', 'POST', '--data', 'x')],
    ...['GET', 'POST'].flatMap((method): Client[] => [
      [`python3-requests, ${method}`, method, (url) => run(...python('requests', method, url))],
      [`Python's urllib, ${method}`, method, (url) => run(...python('urllib', method, url))],
      [`fetch in Node, ${method}`, method, (url) => fetched(url, method)],
      [`fetch in Chromium, ${method}`, method, (url) => inChromium(url, method)],
    ]),
    // its compiler takes a minute
    ...(isLong ? ['GET', 'POST'] : []).map(
      (method): Client => [`Go's net/http, ${method}`, method, (url) => run('get', method, url)],
    ),
  ];
  /** All at once, by name. */
  const answers = new Map<string, Promise<Had>>();

  test.each(clients)('%s has the result, and the app saw one call', async (name, method) => {
    expect(await answers.get(name)).toEqual({
      status: 201,
      body: `result of job ${app.jobs.tagged(name)?.id}\n`,
    });
    const tag = `tag=${encodeURIComponent(name)}`;
    const calls = app.seen.filter(({ url }) => url.includes('/job') && url.endsWith(tag));
    expect(calls.map((call) => call.method)).toEqual([method]);
  });

  test('each was sent on three times, and no hop has reached the app', () => {
    const hops = nginx.accessLog().filter((line) => line.startsWith('303 ')).length;
    expect(hops).toBeGreaterThanOrEqual(LEAST_HOPS * clients.length);
    expect(app.seen.filter(({ url }) => url.includes('offload_continue'))).toEqual([]);
  });
});

function python(client: string, method: string, url: string): string[] {
  return ['python3', '/clients/get.py', client, method, url];
}
