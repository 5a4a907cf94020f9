/** nginx.conf.example as it is, with nginx's default of connections and the default limits, under more clients than these let in. */

import { readFileSync } from 'node:fs';
import { App } from '../../../../testkit/apps/app';
import { type Answer, call } from '../../../../testkit/clients/client';
import { until } from '../../../../testkit/clients/until';
import { jobsLocation } from '../../../../testkit/servers/configuration';
import { ends, Nginx, onRelease } from '../../../../testkit/servers/nginx';

const CLIENTS = 200;

const EXAMPLE = readFileSync('nginx/nginx.conf.example', 'utf8');

/** With an app over HTTP, and on the port of a test. */
const nginxConf = (port: number, appPort: number, engine: string) =>
  `user www-data; pid /run/nginx.pid; error_log /var/log/offload/error.log notice;
${EXAMPLE}`
    .replace('http {', engine === 'qjs' ? 'http { js_engine qjs;' : 'http {')
    .replace('listen 80;', `listen 127.0.0.1:${port};`)
    .replace('127.0.0.1:5000', `127.0.0.1:${appPort}`)
    .replaceAll('include uwsgi_params;', '')
    .replaceAll('uwsgi_pass app', 'proxy_pass http://app')
    .replace('offload/uwsgi.conf', 'offload/proxy.conf')
    .replace('include offload/waiter.conf;', `include offload/waiter.conf; ${jobsLocation}`);

describe.each(ends)(onRelease, (release) => {
  const app = new App();
  let nginx: Nginx;

  beforeAll(async () => {
    await app.start();
    nginx = await Nginx.start(release, {
      appPort: app.port,
      whole: (port) => nginxConf(port, app.port, release.engine),
    });
  });

  afterAll(async () => {
    await nginx?.stop();
    await app.stop();
  });

  test(`${CLIENTS} clients at once have their results, or a 503 with Retry-After and a job that is cancelled`, async () => {
    expect(EXAMPLE).toMatch(/^events \{\}$/m);
    const answers = await Promise.all(
      Array.from({ length: CLIENTS }, () => call(nginx.port, '/job?length=5000&cancel=/jobs/')),
    );
    const kindOf = ({ status, headers }: Answer) => `${status} ${headers['retry-after']}`;
    const kinds = answers.map(kindOf);
    const refused = kinds.filter((kind) => kind === '503 10').length;
    expect(refused).toBeGreaterThan(0);
    expect(kinds.filter((kind) => kind === '200 undefined')).toHaveLength(CLIENTS - refused);
    await until('the jobs of the refused are cancelled', () => {
      const cancelled = app.jobs.list().filter(({ cancels }) => cancels > 0);
      return cancelled.length === refused;
    });
    expect(app.jobs.list().filter(({ cancels }) => cancels > 1)).toEqual([]);
  });
});
