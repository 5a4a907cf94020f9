/** docs/app.md: a signal with a status of the app's own, so that a 418 keeps its body. */

import { readFileSync } from 'node:fs';
import { RawApp } from '../../../../testkit/apps/raw';
import { call } from '../../../../testkit/clients/client';
import { matrix, Nginx, onRelease } from '../../../../testkit/servers/nginx';

const [, LINES = ''] = /```nginx\n(uwsgi_intercept_errors on;.*?)```/s.exec(
  readFileSync('docs/app.md', 'utf8'),
) as RegExpExecArray;
const [, STATUS = ''] = /error_page (\d+)/.exec(LINES) as RegExpExecArray;

describe.each(matrix)(onRelease, (release) => {
  const app = new RawApp(({ uri }) => {
    const [status = '', lines = ''] = uri.startsWith('/poll/')
      ? ['200 OK']
      : uri.startsWith('/slow')
        ? [`${STATUS} Offload`, 'X-OffloadToPoller-Url: /poll/1\r\nSet-Cookie: signal=1\r\n']
        : ["418 I'm a teapot"];
    return Buffer.from(`HTTP/1.1 ${status}\r\n${lines}Content-Length: 5\r\n\r\nhello`);
  });
  let nginx: Nginx;

  beforeAll(async () => {
    await app.start();
    nginx = await Nginx.start(release, {
      appPort: app.port,
      server: `
        location /own/ {
            proxy_pass http://app/;
            ${LINES.replaceAll('uwsgi_', 'proxy_')}
        }`,
    });
  });

  afterAll(async () => {
    await nginx?.stop();
    await app.stop();
  });

  test('it is offloaded, and its headers stay behind', async () => {
    const { status, headers, body } = await call(nginx.port, '/own/slow');
    expect([status, body, headers['set-cookie']]).toEqual([200, 'hello', undefined]);
    expect(app.seen.some(({ uri }) => uri.startsWith('/poll/1/'))).toBe(true);
  });

  test('a 418 has its body', async () => {
    expect(await call(nginx.port, '/own/tea')).toMatchObject({ status: 418, body: 'hello' });
  });
});
