/** Counts of deadlines where clients choose the routes: six worker processes see many new ones at once. */

import net from 'node:net';
import { call } from '../../../testkit/clients/client';
import { checkedByPrometheus, describeShared, scrapeAt } from '../../../testkit/servers/metrics';
import { engines, freePort, Nginx } from '../../../testkit/servers/nginx';

const MOST_ROUTES = 200;

describeShared(engines, (release) => {
  test('200 routes of any name have a count of their own, all others one together', async () => {
    // as a worker that uWSGI kills past the deadline
    const app = net.createServer((socket) => {
      socket.on('error', () => undefined);
      setTimeout(() => socket.destroy(), 1200);
    });
    const [appPort, port] = [await freePort(), await freePort()];
    await new Promise<void>((resolve) => app.listen(appPort, '127.0.0.1', 2048, resolve));
    const nginx = await Nginx.start(release, {
      appPort,
      workerProcesses: 6,
      http: `
    include offload/route/http.conf;
    include offload/deadline/http.conf;
    include offload/deadline/counts.conf;
    include offload/metrics/http.conf;
    map "" $offload_deadline { default 1; }
    map $uri $offload_route {
        default    other;
        ~^/r/(.*)  $1;
    }
    server {
        listen 127.0.0.1:${port};
        include offload/deadline/metrics.conf;
        include offload/metrics/server.conf;
    }`,
      server: `
        include offload/deadline/server.conf;
        location /r/ {
            include uwsgi_params;
            uwsgi_pass app;
            include offload/deadline/uwsgi.conf;
            recursive_error_pages on;
        }`,
    });
    const named = ['constructor', 'toString', '__proto__', 'hasOwnProperty'];
    const long = 'x'.repeat(60);
    const names = [...named, ...Array.from({ length: 396 }, (_, i) => `${long}${i}`)];
    try {
      const late = (path: string) => call(nginx.port, path);
      const own = await Promise.all(named.map((name) => late(`/r/${name}`)));
      // each of them from two clients at once
      const rest = await Promise.all([...names, ...names].map((name) => late(`/r/${name}`)));
      expect([...own, ...rest].filter(({ status }) => status !== 504)).toEqual([]);
      const text = (await call(port, '/offload/deadlines')).body;
      const counts = new Map(
        [...text.matchAll(/^offload_deadline_exceeded_total\{route="(.*?)"\} (\d+)$/gm)].map(
          ([, route = '', count]) => [route, Number(count)],
        ),
      );
      expect(named.map((name) => counts.get(name))).toEqual(named.map(() => 3));
      expect(counts.size).toBeLessThanOrEqual(MOST_ROUTES + 1);
      expect(counts.size).toBeGreaterThan(MOST_ROUTES - 6);
      const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
      expect(total).toBe(own.length + rest.length);
      expect(nginx.severeErrors()).toEqual([]);
      expect(checkedByPrometheus(text)).toBe('');
      const routes = [...counts.keys()];
      expect(routes).toEqual([...routes].sort());
      expect(await scrapeAt(port)).toContain(text);
    } finally {
      await nginx.stop();
      app.close();
    }
  });
});
