/** What all worker processes count in: a full zone, a restart; and who may read it. */

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import { call } from '../../../testkit/client';
import { countOf, describeShared, scrapeAt, valueIn } from '../../../testkit/metrics';
import { answers, freePort, matrix, Nginx } from '../../../testkit/nginx';
import { until } from '../../../testkit/until';

const SERVER = `
        location = /plain { return 200 "ok"; }
        location /wild/ { return 200 "ok"; }`;

describeShared(matrix, (release) => {
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
        location = /first { js_content filler.first; }
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
            // what another worker process may have counted of the same series in between
            function first(r) {
              const zone = ngx.shared.offload_metrics;
              zone.add('splain GET 2xx', 0);
              zone.add('sother GET 2xx', 0);
              r.return(200);
            }
            export default { fill, first };`,
      },
    });
    try {
      await call(small.port, '/first');
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
      nginx.startAgain();
      await until('nginx listens again', () => answers(port));
      const series = (text: string) =>
        text.split('\n').filter((line) => line.startsWith('offload_http_'));
      expect(series(await scrapeAt(port))).toEqual(isKept ? series(before) : []);
    } finally {
      await nginx.stop();
    }
  });
});
