/** A farm of HTTP servers: what a kept connection does to a blocking one. */

import type { StartedTestContainer } from 'testcontainers';
import { call } from '../../harness/client';
import { freePort, matrix, Nginx, onRelease } from '../../harness/nginx';
import { startRealServer } from '../../harness/real-server';

const FORGED = { 'X-Forwarded-For': '6.6.6.6', 'X-Real-IP': '6.6.6.6', Host: 'app.example' };

describe.each(matrix)(onRelease, (release) => {
  let server: StartedTestContainer;
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
    const upstream = (name: string, kept: string) => `
    upstream ${name} {
        include offload/farm/balance.conf;
        server 127.0.0.1:${appPort} max_fails=3 fail_timeout=1s;
        ${kept}
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
    await server?.stop({ timeout: 0 });
  });

  /** Whether the backend has time for anybody but nginx. */
  const isFree = () => {
    const answer = call(appPort, '/other').then(() => true);
    return Promise.race([answer, new Promise((resolve) => setTimeout(() => resolve(false), 2000))]);
  };

  test('farm/proxy.conf leaves it free after its answer, and says who the client is', async () => {
    const { status, body } = await call(nginx.port, '/closed/', { headers: FORGED });
    expect(status).toBe(200);
    expect(JSON.parse(body)).toMatchObject({
      HTTP_HOST: 'app.example',
      HTTP_X_REAL_IP: '127.0.0.1',
    });
    expect(await isFree()).toBe(true);
  });

  // the last one: it is held for a while
  test('farm/proxy-kept.conf holds it, which is why it is for other servers', async () => {
    expect((await call(nginx.port, '/kept/')).status).toBe(200);
    expect(await isFree()).toBe(false);
    expect((await call(nginx.port, '/kept/')).status).toBe(200);
  });
});
