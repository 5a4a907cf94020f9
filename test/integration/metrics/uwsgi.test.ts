/** Workers and queue of a real uWSGI, asked at a scrape. */

import { call } from '../../../testkit/clients/client';
import { until } from '../../../testkit/clients/until';
import type { Container } from '../../../testkit/machines/container';
import { describeShared } from '../../../testkit/servers/metrics';
import { engines, freePort, Nginx } from '../../../testkit/servers/nginx';
import { startRealServer } from '../../../testkit/servers/real-server';

describeShared(engines, (release) => {
  let uwsgi: Container;
  let nginx: Nginx;
  let metricsPort: number;

  beforeAll(async () => {
    const [port, httpPort, statsPort, deadPort] = await Promise.all(
      Array.from({ length: 4 }, freePort),
    );
    metricsPort = await freePort();
    uwsgi = await startRealServer({
      image: 'offload-uwsgi:trixie',
      command: [
        ...['--wsgi-file', '/srv/app/deadlines.py', '--processes', '3'],
        ...['--socket', `127.0.0.1:${port}`, '--http-socket', `127.0.0.1:${httpPort}`],
        ...['--stats', `127.0.0.1:${statsPort}`, '--stats-http'],
      ],
      ports: [port as number, statsPort as number],
    });
    nginx = await Nginx.start(release, {
      appPort: 1,
      http: `
    include offload/metrics/http.conf;
    include offload/metrics/count.conf;
    server {
        listen 127.0.0.1:${metricsPort};
        include offload/metrics/server.conf;
        set $offload_metrics_uwsgi "/offload/uwsgi/app /offload/uwsgi/dead";
        location = /offload/uwsgi/app {
            internal;
            proxy_pass http://127.0.0.1:${statsPort};
        }
        location = /offload/uwsgi/dead {
            internal;
            proxy_pass http://127.0.0.1:${deadPort};
        }
    }`,
      server: `
        location /app/ {
            include uwsgi_params;
            uwsgi_param OFFLOAD_ROUTE app;
            uwsgi_param OFFLOAD_DEADLINE 30;
            uwsgi_param OFFLOAD_ARRIVED $msec;
            uwsgi_pass 127.0.0.1:${port};
        }`,
    });
  });

  afterAll(async () => {
    await nginx?.stop();
    await uwsgi?.stop();
  });

  const scrape = async () => (await call(metricsPort, '/offload/metrics')).body;
  const workers = (state: string, count: number) =>
    `offload_uwsgi_workers{backend="app",state="${state}"} ${count}\n`;

  test('idle and busy workers are told, and a request in flight is a busy one', async () => {
    const idle = await scrape();
    expect(idle).toContain('offload_uwsgi_up{backend="app"} 1\n');
    expect(idle).toContain(workers('idle', 3));
    expect(idle).toContain('offload_uwsgi_listen_queue{backend="app"} 0\n');
    expect(idle).toContain('offload_uwsgi_harakiri_total{backend="app"} 0\n');
    const asked = call(nginx.port, '/app/x?sleep=3');
    await until('a worker is busy', async () => (await scrape()).includes(workers('busy', 1)));
    expect(await scrape()).toContain(workers('idle', 2));
    expect((await asked).status).toBe(200);
    await until('it is idle', async () => (await scrape()).includes(workers('idle', 3)));
  });

  test('a stats server that does not answer is down, and the scrape is whole', async () => {
    const text = await scrape();
    expect(text).toContain('offload_uwsgi_up{backend="dead"} 0\n');
    expect(text).not.toContain('offload_uwsgi_workers{backend="dead"');
    expect(text).toContain('offload_metrics_zone_size_bytes');
  });
});
