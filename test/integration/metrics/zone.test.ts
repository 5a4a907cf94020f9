/** What all worker processes count in: at once, a full zone, a restart; and who may read it. */

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import { App } from '../../../testkit/apps/app';
import { call } from '../../../testkit/clients/client';
import { until } from '../../../testkit/clients/until';
import { countOf, describeShared, scrapeAt, valueIn } from '../../../testkit/servers/metrics';
import { answers, engines, freePort, Nginx } from '../../../testkit/servers/nginx';

const SERVER = `
        location = /plain { return 200 "ok"; }
        location /wild/ { return 200 "ok"; }`;

describeShared(engines, (release) => {
  const parts = (port: number, address = '127.0.0.1') => ({
    appPort: 1,
    http: `
    include offload/metrics/http.conf;
    include offload/metrics/count.conf;
    map $uri $offload_route {
        default       other;
        /plain        plain;
        ~^/wild/(.*)  $1;
    }
    server {
        listen ${address}:${port};
        include offload/metrics/server.conf;
    }`,
    server: SERVER,
  });

  test('no client of another address sees the metrics or the status page', async () => {
    const open = await freePort();
    const other = await Nginx.start(release, parts(open, '0.0.0.0'));
    const [, address = ''] =
      /inet (\d+\.\d+\.\d+\.\d+)\/\d+ .*scope global/.exec(
        execFileSync('ip', ['-4', 'addr'], { encoding: 'utf8' }),
      ) ?? [];
    const statusOf = (host: string, path: string) =>
      new Promise((resolve, reject) => {
        http
          .get({ host, port: open, path }, (response) => {
            response.resume();
            resolve(response.statusCode);
          })
          .on('error', reject);
      });
    try {
      expect(address).not.toBe('');
      for (const path of ['/offload/metrics', '/offload/status']) {
        expect(await statusOf('127.0.0.1', path)).toBe(200);
        expect(await statusOf(address, path)).toBe(403);
      }
    } finally {
      await other.stop();
    }
  });

  test('a full zone serves all requests, says so once, and counts what it knows', async () => {
    const port = await freePort();
    const small = await Nginx.start(release, {
      ...parts(port),
      http: `${parts(port).http}
    # fills the zone: its keys are longer than any of the metrics
    js_import filler from /var/log/offload/filler.js;`,
      server: `${SERVER}
        location = /fill { js_content filler.fill; }`,
      files: {
        'filler.js': `
            function fill(r) {
              const zone = ngx.shared.offload_metrics;
              let i = 0;
              let size = 1000;
              while (size > 0) {
                try { zone.incr('z' + 'x'.repeat(size) + i, 1); i++; }
                catch (e) { size = Math.floor(size / 2); }
              }
              r.return(200, String(i));
            }
            export default { fill };`,
      },
    });
    try {
      for (let i = 0; i < 10; i++) {
        await call(small.port, '/plain');
      }
      const filled = await call(small.port, '/fill');
      expect(Number(filled.body)).toBeGreaterThan(1000);
      for (let i = 0; i < 50; i++) {
        expect((await call(small.port, `/wild/r${i}`)).status).toBe(200);
        expect((await call(small.port, '/plain')).status).toBe(200);
      }
      const text = await scrapeAt(port);
      expect({
        lost: Math.min(valueIn(text, 'offload_metrics_lost_total'), 50),
        free: valueIn(text, 'offload_metrics_zone_free_bytes'),
        plain: valueIn(text, countOf('plain')),
        text,
      }).toEqual({ lost: 50, free: 0, plain: 60, text });
      expect(small.errorLog().split('metrics are incomplete from now on').length).toBe(2);
    } finally {
      await small.stop();
    }
  });

  test('zones that are too small for what is counted fill up without a line of nginx, and with one of the offload', async () => {
    const [routes, each, clients] = [100, 24, 200];
    const app = new App();
    await app.start();
    const port = await freePort();
    const zones = readFileSync('dist/test/offload/metrics/zone.conf', 'utf8')
      .replace('offload_metrics:4m', 'offload_metrics:256k')
      .replace(/(offload_metrics_\w+):\w+/g, '$1:32k');
    const nginx = await Nginx.start(release, {
      ...parts(port),
      appPort: app.port,
      workerProcesses: 6,
      // one worker process may take all of them
      limits: [clients, clients],
      server: `${SERVER}
        location /held/ {
            proxy_pass http://app/job$is_args$args;
            include offload/proxy.conf;
        }`,
      http: parts(port).http.replace('~^/wild/(.*)', '~^/(?:wild|held)/(.*)'),
      edited: { 'metrics/zone.conf': zones },
    });
    const agent = new http.Agent({ keepAlive: true, maxSockets: 32 });
    try {
      // each has batches for the detector
      await Promise.all(
        Array.from({ length: routes * each }, (_, i) =>
          call(nginx.port, `/wild/r${i % routes}`, { agent }),
        ),
      );
      await scrapeAt(port);
      const held = await Promise.all(
        Array.from({ length: clients }, (_, i) =>
          call(nginx.port, `/held/r${i % routes}?length=1000`),
        ),
      );
      expect(held.filter(({ status }) => status !== 200)).toEqual([]);
      await until('all are logged', () => nginx.accessLog().length >= routes * each + clients);
      const text = await scrapeAt(port);
      expect(nginx.severeErrors()).toEqual([]);
      expect(valueIn(text, 'offload_metrics_zone_free_bytes')).toBe(0);
      expect(valueIn(text, 'offload_metrics_lost_total')).toBeGreaterThan(0);
      const counts = [...text.matchAll(/_count\{route=".*?",method="GET",code="2xx"\} (\d+)$/gm)];
      const counted = counts.reduce((sum, [, count]) => sum + Number(count), 0);
      expect(counted).toBe(routes * each + clients);
      expect(nginx.errorLog().split('metrics are incomplete from now on').length).toBe(2);
      expect(nginx.errorLog()).toContain('from now on: the zone is full; see');
    } finally {
      agent.destroy();
      await nginx.stop();
      await app.stop();
    }
  });

  test('six worker processes that see thousands of new series at once make 500, and count each request', async () => {
    const port = await freePort();
    const nginx = await Nginx.start(release, { ...parts(port), workerProcesses: 6 });
    const agent = new http.Agent({ keepAlive: true, maxSockets: 32 });
    const routes = 3000;
    const atOnce = 4;
    try {
      for (let i = 0; i < routes; i += 8) {
        const paths = Array.from({ length: 8 * atOnce }, (_, j) => `/wild/r${i + (j % 8)}`);
        await Promise.all(paths.map((path) => call(nginx.port, path, { agent })));
      }
      const text = await scrapeAt(port);
      expect(text.split('\n').length).toBeLessThan(10_000);
      const counts = [...text.matchAll(/_count\{route="(.*?)",method="GET",code="2xx"\} (\d+)$/gm)];
      const wild = counts.filter(([, route = '']) => /^r\d+$/.test(route));
      expect(wild.length).toBeLessThanOrEqual(500);
      expect(wild.length).toBeGreaterThan(490);
      expect(valueIn(text, 'offload_metrics_series')).toBe(wild.length);
      const all = counts.reduce((sum, [, , count]) => sum + Number(count), 0);
      expect(all).toBe(routes * atOnce);
      expect(valueIn(text, 'offload_metrics_lost_total')).toBe(0);
      expect(nginx.severeErrors()).toEqual([]);
    } finally {
      agent.destroy();
      await nginx.stop();
    }
  });

  test('state= keeps the counts over a restart, in njs 0.9.6 and newer', async () => {
    const port = await freePort();
    const zone = readFileSync('dist/test/offload/metrics/zone.conf', 'utf8').replace(
      'zone=offload_metrics:4m type=number',
      '$& state=/var/log/offload/metrics.json',
    );
    const nginx = await Nginx.start(release, {
      ...parts(port),
      edited: { 'metrics/zone.conf': zone },
    });
    // an older one ignores the parameter
    const isKept = release.njs.localeCompare('0.9.6', 'en', { numeric: true }) >= 0;
    try {
      for (let i = 0; i < 30; i++) {
        await call(nginx.port, '/plain');
      }
      let before = '';
      await until('all are counted', async () => {
        before = await scrapeAt(port);
        return valueIn(before, countOf('plain')) === 30;
      });
      await nginx.run('nginx', '-s', 'quit');
      await until('nginx has ended', () => !nginx.isRunning());
      await nginx.startAgain();
      await until('nginx listens again', () => answers(port));
      const series = (text: string) =>
        text.split('\n').filter((line) => line.startsWith('offload_http_'));
      expect(series(await scrapeAt(port))).toEqual(isKept ? series(before) : []);
    } finally {
      await nginx.stop();
    }
  });
});
