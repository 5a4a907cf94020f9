/** A proxy in front of nginx whose timeout is shorter than the wait (docs/operations.md). */

import { App } from '../../../../testkit/apps/app';
import { call } from '../../../../testkit/clients/client';
import { until } from '../../../../testkit/clients/until';
import { jobsLocation } from '../../../../testkit/servers/configuration';
import { ends, freePort, Nginx, onRelease } from '../../../../testkit/servers/nginx';

const PATH = '/job?length=60000&cancel=/jobs/';

describe.each(ends)(onRelease, (release) => {
  const app = new App();
  let nginx: Nginx;
  const fronts = { one: 0, several: 0, once: 0, early: 0 };

  beforeAll(async () => {
    await app.start();
    for (const name of Object.keys(fronts) as (keyof typeof fronts)[]) {
      fronts[name] = await freePort();
    }
    const site = await freePort();
    const front = (port: number, lines: string) => `
    server {
        listen 127.0.0.1:${port};
        access_log off;
        proxy_read_timeout 2s;
        location / { ${lines} }
    }`;
    nginx = await Nginx.start(release, {
      appPort: app.port,
      http: `
    upstream one { server 127.0.0.1:${site}; }
    upstream several { server 127.0.0.1:${site} max_fails=0; server 127.0.0.2:${site} max_fails=0; }
    ${front(fronts.one, 'proxy_pass http://one;')}
    ${front(fronts.several, 'proxy_pass http://several;')}
    ${front(fronts.once, 'proxy_pass http://several; proxy_next_upstream error;')}
    ${front(fronts.early, 'proxy_pass http://one/early/;')}
    server {
        listen 127.0.0.1:${site};
        listen 127.0.0.2:${site};
        include offload/server.conf;
        location / { proxy_pass http://app; include offload/proxy.conf; }
        location /early/ {
            set $offload_timeout 1s;
            error_page 504 /late;
            proxy_pass http://app/;
            include offload/proxy.conf;
        }
        error_page 504 /late;
        location = /late { internal; return 504 "the page of the site"; }
    }`,
      waiter: jobsLocation,
    });
  });

  afterAll(async () => {
    await nginx?.stop();
    await app.stop();
  });

  /** The answer to a call, and how often each of its jobs was cancelled. */
  const through = async (port: number, jobs: number) => {
    const known = app.jobs.list().length;
    const logged = nginx.accessLog().length;
    const { status, body } = await call(port, PATH);
    const own = () => app.jobs.list().slice(known);
    await until('all are cancelled', () => own().every(({ cancels }) => cancels > 0));
    await until('all are logged', () => nginx.accessLog().length >= logged + jobs);
    return {
      status,
      body,
      cancels: own().map(({ cancels }) => cancels),
      log: nginx
        .accessLog()
        .slice(logged)
        .map((line) => line.slice(0, 3)),
    };
  };

  test('its client gets its 504, and the job is cancelled', async () => {
    expect(await through(fronts.one, 1)).toEqual({
      status: 504,
      body: expect.stringContaining('504 Gateway Time-out'),
      cancels: [1],
      log: ['499'],
    });
  });

  test('with a shorter $offload_timeout its client gets the page of the site', async () => {
    expect(await through(fronts.early, 1)).toEqual({
      status: 504,
      body: 'the page of the site',
      cancels: [1],
      log: ['504'],
    });
  });

  test('one that tries the next server starts the call twice', async () => {
    expect(await through(fronts.several, 2)).toMatchObject({
      cancels: [1, 1],
      log: ['499', '499'],
    });
  });

  test('but not with proxy_next_upstream error', async () => {
    expect(await through(fronts.once, 1)).toMatchObject({
      status: 504,
      cancels: [1],
      log: ['499'],
    });
  });
});
