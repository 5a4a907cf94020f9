/** docs/settings.md: error pages, logins and rewrites of a site, as the page says. */

import { readFileSync } from 'node:fs';
import { App } from '../../../../testkit/apps/app';
import type { Job } from '../../../../testkit/apps/jobs';
import { type Call, call, openHttp1 } from '../../../../testkit/clients/client';
import { sleep, until } from '../../../../testkit/clients/until';
import { jobsLocation } from '../../../../testkit/servers/configuration';
import { ends, freePort, Nginx, onRelease, stable } from '../../../../testkit/servers/nginx';

const page = readFileSync('docs/settings.md', 'utf8');

/** The block of nginx's configuration that has this line. */
function blockWith(line: string): string {
  const blocks = [...page.matchAll(/```nginx\n(.*?)```/gs)].map(([, text = '']) => text);
  const block = blocks.find((text) => text.includes(line));
  if (block === undefined) {
    throw new Error(`docs/settings.md has no block with ${line}`);
  }
  return block;
}

/** A piece of code in its sentences. */
function codeWith(text: string): string {
  const code = [...page.matchAll(/`([^`\n]+)`/g)].map(([, each = '']) => each);
  const found = code.find((each) => each.includes(text));
  if (found === undefined) {
    throw new Error(`docs/settings.md has no code with ${text}`);
  }
  return found;
}

const offloaded = 'proxy_pass http://app; include offload/proxy.conf;';

/** Lets in who has the cookie. */
const auth = `
        location = /auth {
            internal;
            if ($cookie_in = "") { return 401; }
            return 204;
        }`;

describe.each(ends)(onRelease, (release) => {
  const app = new App();
  let nginx: Nginx;
  const ports: Record<string, number> = {};
  const servers: Record<string, string> = {
    login: `auth_request /auth; ${auth} ${blockWith('error_page 401 = @login;\n    proxy_pass')}`,
    'login of an API': `${auth} ${blockWith('@app')}
        location @login { return 302 /login; }`,
    'a page for 418': `
        location / {
            error_page 418 = @maintenance;
            if ($arg_maintenance) { return 418; }
            ${offloaded}
        }
        location @maintenance { return 503 "maintenance"; }`,
    'a page for 419': `
        location / {
            ${codeWith('error_page 419 =')}
            if ($arg_maintenance) { ${codeWith('return 419')}; }
            ${offloaded}
        }
        location @maintenance { return 503 "maintenance"; }`,
  };

  beforeAll(async () => {
    await app.start();
    const http: string[] = [];
    for (const [name, lines] of Object.entries(servers)) {
      ports[name] = await freePort();
      http.push(`server {
        listen 127.0.0.1:${ports[name]};
        include offload/server.conf;
        ${lines}
    }`);
    }
    nginx = await Nginx.start(release, {
      appPort: app.port,
      http: http.join('\n'),
      waiter: jobsLocation,
    });
  });

  afterAll(async () => {
    await nginx?.stop();
    await app.stop();
  });

  const ask = (server: string, path: string, options?: Call) =>
    call(ports[server] as number, path, options);
  const lastJob = () => app.jobs.list().at(-1) as Job;
  const inside = { headers: { Cookie: 'in=1' } };

  describe.each(['login', 'login of an API'])('%s', (server) => {
    test('who is not logged in is sent to the login, and the app sees nothing', async () => {
      const seen = app.seen.length;
      const { status, headers } = await ask(server, '/job?length=300');
      expect([status, headers.location]).toEqual([
        302,
        expect.stringMatching(new RegExp(`^http://127.0.0.1:${ports[server]}/login`)),
      ]);
      expect(app.seen.length).toBe(seen);
    });

    test('who is logged in is held, and cancels his job when he leaves', async () => {
      expect((await ask(server, '/job?length=300', inside)).status).toBe(200);
      const left = ask(server, '/job?length=60000&cancel=/jobs/', { ...inside, timeout: 500 });
      await expect(left).rejects.toThrow('timeout');
      await until('it is cancelled', () => lastJob().cancels === 1);
    });

    test('a 401 as a result is the result', async () => {
      const { status, body } = await ask(server, '/job?length=300&status=401', inside);
      expect([status, body]).toEqual([401, `result of job ${lastJob().id}\n`]);
    });
  });

  test("the app's own 401 leads to the login, but not that of an API", async () => {
    expect((await ask('login', '/status?status=401', inside)).status).toBe(302);
    expect(await ask('login of an API', '/status?status=401', inside)).toMatchObject({
      status: 401,
      body: "the app's own\n",
    });
  });

  test('a page for 418 above the include takes all signals, silently', async () => {
    expect(await ask('a page for 418', '/job?length=300')).toMatchObject({
      status: 503,
      body: 'maintenance',
    });
    await sleep(300);
    expect(lastJob().polls).toEqual([]);
    expect(nginx.errorLog()).not.toMatch(/\[(warn|error|crit)\].*length=300/);
  });

  test('a page for 419 does not', async () => {
    expect((await ask('a page for 419', '/job?length=300')).status).toBe(200);
    expect(await ask('a page for 419', '/job?length=300&maintenance=1')).toMatchObject({
      status: 503,
      body: 'maintenance',
    });
  });
});

describe.each(stable)(`a rule of a server for its paths, ${onRelease}`, (release) => {
  const app = new App();
  let nginx: Nginx;

  beforeAll(() => app.start());
  afterAll(() => app.stop());
  afterEach(() => nginx.stop());

  /** The calls that the app gets for a client past a limit, but for the call itself. */
  const cancelled = async (rule: string) => {
    nginx = await Nginx.start(release, {
      appPort: app.port,
      workerProcesses: 1,
      limits: [1, 1],
      server: `
        ${rule}
        location /site/ { proxy_pass http://app/; include offload/proxy.conf; }`,
      waiter: jobsLocation,
    });
    const held = openHttp1(nginx.port, '/job?length=60000');
    await until('it is held', () => app.jobs.list().length > 0);
    const before = app.seen.length;
    expect((await call(nginx.port, '/job?length=60000&cancel=/jobs/')).status).toBe(503);
    await sleep(500);
    held.disconnect('FIN');
    return app.seen.slice(before).filter(({ url }) => !/^\/(job\?|poll)/.test(url));
  };

  test('cancels no job of a client past a limit if it has all', async () => {
    expect(await cancelled('rewrite ^/(.*)$ /site/$1;')).toMatchObject([
      { url: '/.offload/cancel' },
    ]);
  });

  test('cancels it if it leaves out /.offload/', async () => {
    expect(await cancelled(`${codeWith('rewrite ^/')}`)).toMatchObject([
      { method: 'DELETE', url: expect.stringMatching(/^\/jobs\//) },
    ]);
  });
});
