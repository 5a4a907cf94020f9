/** A farm of HTTP servers: a keepalive connection blocks a single-process backend. */

import { call } from '../../../testkit/clients/client';
import type { Container } from '../../../testkit/machines/container';
import { freePort, Nginx, onRelease, stable } from '../../../testkit/servers/nginx';
import { startRealServer } from '../../../testkit/servers/real-server';

const FORGED = { 'X-Forwarded-For': '6.6.6.6', 'X-Real-IP': '6.6.6.6', Host: 'app.example' };

describe.each(stable)(onRelease, (release) => {
  let server: Container;
  let appPort: number;
  let nginx: Nginx;

  beforeAll(async () => {
    appPort = await freePort();
    server = await startRealServer({
      image: 'offload-uwsgi:trixie',
      command: [
        ...['--http11-socket', `127.0.0.1:${appPort}`],
        ...['--wsgi-file', '/srv/app/wsgi.py', '--processes', '1', '--socket-timeout', '60'],
      ],
      ports: [appPort],
    });
    const upstream = (name: string, keepalive: string) => `
    upstream ${name} {
        include offload/farm/balance.conf;
        server 127.0.0.1:${appPort} max_fails=3 fail_timeout=1s;
        ${keepalive}
    }`;
    const location = (name: string, snippet: string) => `
        location /${name}/ {
            proxy_pass http://${name};
            include offload/farm/${snippet}.conf;
        }`;
    nginx = await Nginx.start(release, {
      appPort,
      workerProcesses: 1,
      http:
        upstream('closed', 'keepalive_requests 1;') +
        upstream('kept', 'keepalive 4; keepalive_timeout 10s;'),
      server: location('closed', 'proxy') + location('kept', 'proxy-kept'),
    });
  });

  afterAll(async () => {
    await nginx?.stop();
    await server?.stop();
  });

  /** Whether the backend accepts a request on another connection. */
  const isFree = () => {
    const answer = call(appPort, '/other').then(() => true);
    return Promise.race([answer, new Promise((resolve) => setTimeout(() => resolve(false), 2000))]);
  };

  test('with farm/proxy.conf the backend is free after its response, and gets the client address', async () => {
    const { status, body } = await call(nginx.port, '/closed/', { headers: FORGED });
    expect(status).toBe(200);
    expect(JSON.parse(body)).toMatchObject({
      HTTP_HOST: 'app.example',
      HTTP_X_REAL_IP: '127.0.0.1',
    });
    expect(await isFree()).toBe(true);
  });

  // must be the last test: the backend stays blocked for a while
  test('with farm/proxy-kept.conf the backend is blocked by the keepalive connection', async () => {
    expect((await call(nginx.port, '/kept/')).status).toBe(200);
    expect(await isFree()).toBe(false);
    expect((await call(nginx.port, '/kept/')).status).toBe(200);
  });
});
