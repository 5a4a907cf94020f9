/** A location of the waiter that does not include poll.conf sends nothing to an app, whatever a signal names. */

import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from '../../../../testkit/apps/app';
import { call } from '../../../../testkit/clients/client';
import { until } from '../../../../testkit/clients/until';
import { ends, Nginx, onRelease } from '../../../../testkit/servers/nginx';
import { protocols } from '../../../../testkit/servers/uwsgi';

/** An app whose locations lack poll.conf; each connection is one too many. */
class Untouched {
  connections = 0;
  readonly folder = mkdtempSync(join(tmpdir(), 'offload-untouched-'));
  readonly socket = join(this.folder, 'app.sock');
  private readonly server = net.createServer((socket) => {
    this.connections++;
    socket.on('error', () => {}).destroy();
  });

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(this.socket, resolve));
    chmodSync(this.folder, 0o755);
    chmodSync(this.socket, 0o666);
  }

  async stop(): Promise<void> {
    await new Promise((resolve) => this.server.close(resolve));
    rmSync(this.folder, { recursive: true });
  }
}

describe.each(ends)(onRelease, (release) => {
  const app = new App();
  const untouched = new Untouched();
  let nginx: Nginx;

  beforeAll(async () => {
    await app.start();
    await untouched.start();
    const unserved = protocols.map(
      (name) => `
        location /${name}/ {
            ${name}_pass ${name === 'proxy' ? 'http://' : ''}unix:${untouched.socket};
        }`,
    );
    nginx = await Nginx.start(release, {
      appPort: app.port,
      folders: [untouched.folder],
      // a cache of a site's own, which a poll would be looked up in
      http: `
    proxy_cache_path /tmp/own levels=1:2 keys_zone=own:1m;
    proxy_cache own;
    proxy_cache_valid any 1m;`,
      server: 'proxy_cache off;',
      waiter: `${unserved.join('')}
        location /found/ { proxy_pass http://app; include offload/poll.conf; }`,
    });
  });

  afterAll(async () => {
    await nginx?.stop();
    await untouched.stop();
    await app.stop();
  });

  const linesWith = (text: string) =>
    nginx
      .errorLog()
      .split('\n')
      .filter((line) => line.includes(text)).length;

  test.each(protocols)('%s_pass: a signalled path', async (name) => {
    const { status } = await call(nginx.port, `/signal?url=/${name}/admin&args=7`);
    expect(status).toBe(502);
    expect(linesWith(`offload: "/${name}/admin/7/0" is not polled: it is served by no`)).toBe(1);
    expect(untouched.connections).toBe(0);
  });

  test.each(protocols)('%s_pass: the Location of a result', async (name) => {
    const { status } = await call(nginx.port, `/job?length=100&location=/${name}/admin`);
    expect(status).toBe(502);
    expect(linesWith(`offload: "/${name}/admin" is not polled: it is served by no`)).toBe(1);
    expect(untouched.connections).toBe(0);
  });

  test.each(protocols)('%s_pass: a path to cancel', async (name) => {
    const known = app.jobs.list().length;
    const query = `length=100&location=//nowhere.example/&cancel=/${name}/`;
    const { status } = await call(nginx.port, `/job?${query}`);
    expect(status).toBe(502);
    const line = `offload: "/${name}/${known + 1}" is not cancelled: it is served by no`;
    await until('the log says so', () => linesWith(line) === 1);
    expect(untouched.connections).toBe(0);
  });

  test('a location that includes it is requested, and never from a cache', async () => {
    const seen = app.seen.length;
    for (let i = 0; i < 2; i++) {
      const { body } = await call(nginx.port, '/job?length=100&location=/found/7');
      expect(body).toBe('found GET /found/7\n');
    }
    const found = app.seen.slice(seen).filter(({ url }) => url === '/found/7');
    expect(found).toHaveLength(2);
  });
});
