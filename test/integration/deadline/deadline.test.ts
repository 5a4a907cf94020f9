/** Deadlines of routes, with a real uWSGI that enforces them. */

import { execFileSync } from 'node:child_process';
import { call } from '../../../testkit/clients/client';
import { until } from '../../../testkit/clients/until';
import { freePort, Nginx, onRelease, stable } from '../../../testkit/servers/nginx';
import { Deadlines, INCLUDE } from './deadlines';

/** uWSGI checks deadlines up to 2 s late and gives 2 s to clean up; 4 s more for a slow machine. */
const ENDED_MS = 2000 + 2000 + 4000;

const hasCounts = (njs: string) => !njs.startsWith('0.7.');

describe.each(stable)(onRelease, (release) => {
  /** `one` has one process; the farm is two others, of two processes each. */
  let one: Deadlines;
  let farm: [Deadlines, Deadlines];
  let nginx: Nginx;
  let metricsPort: number;

  const location = (path: string, upstream: string, lines = '') => `
        location ${path} {
            include uwsgi_params;
            uwsgi_pass ${upstream};
            include offload/deadline/uwsgi.conf;
            ${lines || 'include offload/uwsgi.conf;'}
        }`;

  beforeAll(async () => {
    one = await Deadlines.start(1);
    farm = [await Deadlines.start(2), await Deadlines.start(2)];
    metricsPort = await freePort();
    const counts = `
    include offload/deadline/counts.conf;
    server {
        listen 127.0.0.1:${metricsPort};
        include offload/deadline/metrics.conf;
    }`;
    const server = (backend: Deadlines) => `server 127.0.0.1:${backend.port} max_fails=0;`;
    nginx = await Nginx.start(release, {
      appPort: one.port,
      workerProcesses: 1,
      http: `
    include offload/route/http.conf;
    include offload/deadline/http.conf;
    map $uri $offload_route {
        default            other;
        ~^/(one|farm)/two  two;
        ~^/farm/page       page;
        ~^/plain/          plain;
        ~^/one/([0-9]+s)$   $1;
        /signal            signal;
    }
    map $offload_route $offload_deadline {
        default          30;
        ~^(?<seconds>.*)s$  $seconds;
        two              2;
        page             2;
        plain            2;
        signal           2;
    }
    map $offload_route $offload_deadline_page {
        default "";
        page    /pages/late.html;
    }
    map $offload_route $offload_timeout {
        default 60s;
        signal  5s;
    }
    log_format deadlines '$request_uri $status late=$offload_deadline_passed';
    upstream one { ${server(one)} }
    upstream farm { ${farm.map(server).join('')} }
    ${hasCounts(release.njs) ? counts : ''}`,
      server: `
        include offload/deadline/server.conf;
        access_log /var/log/offload/access.log deadlines;
        ${location('/one/', 'one')}
        ${location('/farm/', 'farm')}
        ${location('/plain/', 'farm', 'recursive_error_pages on;')}
        ${location('/renamed/', 'farm', 'include offload/uwsgi.conf;').replace(
          'include uwsgi_params',
          'rewrite ^/renamed(.*) $1 break; include uwsgi_params',
        )}
        ${location('= /signal', 'one')}
        ${location('/one/set', 'one', 'set $offload_deadline 7; include offload/uwsgi.conf;')}
        location /pages/ {
            internal;
            alias /var/log/offload/;
        }`,
      files: { 'late.html': 'this page takes too long\n' },
      waiter: `
        location ~ ^/poll/ {
            include uwsgi_params;
            uwsgi_pass one;
            include offload/poll.conf;
            include offload/deadline/poll.conf;
        }`,
    });
  });

  afterAll(async () => {
    await nginx?.stop();
    await Promise.all([one, ...(farm ?? [])].map((backend) => backend?.stop()));
  });

  const seenByFarm = async () => (await Promise.all(farm.map((each) => each.seen()))).flat();
  const get = (path: string) => call(nginx.port, path);
  const lateOf = (path: string) =>
    nginx.accessLog().filter((line) => line.startsWith(path) && !line.endsWith(' late='));
  const metrics = async () => (await call(metricsPort, '/offload/deadlines')).body;

  test('the app gets the route, the deadline and the arrival time of a request', async () => {
    expect((await get('/one/two')).body).toBe('two 2 True');
    expect((await get('/one/else')).body).toBe('other 30 True');
  });

  test('past its deadline the client gets a 504, and the one worker is free for the next', async () => {
    const late = await get('/one/two?sleep=30');
    expect(late.status).toBe(504);
    expect(late.ms).toBeGreaterThanOrEqual(2000);
    expect(late.ms).toBeLessThan(2000 + ENDED_MS);
    const next = await get('/one/two');
    expect(next).toMatchObject({ status: 200, body: 'two 2 True' });
    expect(next.ms).toBeLessThan(4000);
  });

  test('a request that takes less than its deadline is never ended, even by a little', async () => {
    const answers = await Promise.all(Array.from({ length: 4 }, () => get('/farm/two?sleep=1.8')));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  });

  test('other requests are not delayed by one that runs into its deadline', async () => {
    const late = get('/farm/two?sleep=30');
    const others = await Promise.all(Array.from({ length: 3 }, () => get('/farm/other')));
    expect(others.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(Math.max(...others.map(({ ms }) => ms))).toBeLessThan(1900);
    expect((await late).status).toBe(504);
  });

  test.each(['GET', 'POST'])(
    'a %s that ran into its deadline is not retried by another backend',
    async (method) => {
      await seenByFarm();
      const path = `/farm/two?sleep=30&quiet=1&${method}`;
      expect((await call(nginx.port, path, { method })).status).toBe(504);
      expect(await seenByFarm()).toEqual([`${method} ${path}`, `cleaned up ${path}`]);
    },
  );

  test.each([
    ['cleans up and answers a 504', '', ['cleaned up']],
    ['cleans up and ends without an answer', '&quiet=1', ['cleaned up']],
    ['ignores the signal', '&deaf=1', []],
  ])(
    'an app that %s: the client gets the 504, and the log has the route',
    async (_, how, cleaned) => {
      await one.seen();
      const path = `/one/two?sleep=30${how}&counted`;
      expect((await get(path)).status).toBe(504);
      expect(await one.seen()).toEqual([`GET ${path}`, ...cleaned.map((did) => `${did} ${path}`)]);
      await until('it is logged', () => lateOf(path).length === 1);
      expect(lateOf(path)).toEqual([`${path} 504 late=two`]);
      expect(nginx.errorLog()).toContain('offload: the deadline of route two, 2 s, passed');
    },
  );

  test('a route may have its own page, with the status 504', async () => {
    const { status, body } = await get('/farm/page?sleep=30');
    expect({ status, body }).toEqual({ status: 504, body: 'this page takes too long\n' });
  });

  if (hasCounts(release.njs)) {
    test('the metrics count each route', async () => {
      const of = (text: string, route: string) =>
        Number(
          new RegExp(`^offload_deadline_exceeded_total\\{route="${route}"\\} (\\d+)$`, 'm').exec(
            text,
          )?.[1] ?? 0,
        );
      const before = await metrics();
      await Promise.all(
        ['/farm/two', '/farm/two', '/farm/page'].map((path) => get(`${path}?sleep=30&quiet=1`)),
      );
      const after = await metrics();
      expect(of(after, 'two') - of(before, 'two')).toBe(2);
      expect(of(after, 'page') - of(before, 'page')).toBe(1);
      expect(of(after, 'other')).toBe(0);
    });
  } else {
    test('without shared dictionaries, requests past a deadline are counted by the log', async () => {
      await Promise.all(
        ['/farm/two', '/farm/two', '/farm/page'].map((path) => get(`${path}?sleep=30&log`)),
      );
      await until(
        'they are logged',
        () => nginx.accessLog().filter((line) => line.includes('&log ')).length === 3,
      );
      const log = nginx
        .accessLog()
        .filter((line) => line.includes('&log '))
        .join('\n');
      const said = execFileSync('sh', ['-c', "grep -o 'late=[^ ]\\+' | sort | uniq -c"], {
        input: log,
        encoding: 'utf8',
      });
      expect(said.trim().split(/\s+/)).toEqual(['1', 'late=page', '2', 'late=two']);
    });
  }

  describe('a backend that dies before the deadline', () => {
    test.each(['GET', 'PUT', 'DELETE'])('gets a %s once more, unchanged', async (method) => {
      await seenByFarm();
      const path = '/farm/a%20b%3Fc%25d?sleep=3&die=1.5&x=%2F';
      const body = method === 'PUT' ? 'the body' : '';
      const answer = await call(nginx.port, path, {
        method,
        body,
        headers: { 'Content-Length': String(body.length) },
      });
      expect(answer.status).toBe(502);
      const line = `${method} ${path} ${body}`.trim();
      expect(await seenByFarm()).toEqual([line, line]);
    });

    test('gets no POST once more', async () => {
      await seenByFarm();
      const path = '/farm/x?sleep=3&die=1.5';
      expect((await call(nginx.port, path, { method: 'POST' })).status).toBe(502);
      expect(await seenByFarm()).toEqual([`POST ${path}`]);
    });

    test('at once: nginx passes the request to the next one, and it is not retried', async () => {
      await seenByFarm();
      const path = '/farm/x?sleep=3&die=0';
      expect((await get(path)).status).toBe(502);
      expect(await seenByFarm()).toEqual([`GET ${path}`, `GET ${path}`]);
    });

    test('loses nothing: the client gets the answer of the second attempt', async () => {
      await one.seen();
      const path = '/one/else?sleep=1.6&die=1.2&once=1';
      expect(await get(path)).toMatchObject({ status: 200, body: 'other 30 True' });
      expect(await one.seen()).toEqual([`GET ${path}`, `GET ${path}`]);
    });

    test('after a rewrite … break, by which nginx cannot find the location again: no retry', async () => {
      await seenByFarm();
      expect((await get('/renamed/farm/x?sleep=3&die=1.5')).status).toBe(502);
      expect(await seenByFarm()).toHaveLength(1);
    });
  });

  describe("an app's own answers", () => {
    test.each([200, 400, 404, 500, 503])('of %i pass with their body', async (status) => {
      expect(await get(`/one/two?answer=${status}`)).toMatchObject({ status, body: 'two 2 True' });
    });

    test.each([502, 504])(
      'of %i keep their status, and are neither retried nor counted',
      async (status) => {
        await one.seen();
        const path = `/one/two?answer=${status}&own`;
        const answer = await get(path);
        expect(answer.status).toBe(status);
        expect(answer.body).not.toContain('two 2'); // intercepted
        expect(await one.seen()).toEqual([`GET ${path}`]);
        expect(lateOf(path)).toEqual([]);
      },
    );

    test.each([502, 504])(
      'of %i keep their body as well where nothing is intercepted',
      async (status) => {
        const answer = await get(`/plain/two?answer=${status}`);
        expect(answer).toMatchObject({ status, body: 'plain 2 True' });
      },
    );
  });

  test('a location without the offload has deadlines', async () => {
    const path = '/plain/x?sleep=30&quiet=1';
    expect((await get(path)).status).toBe(504);
    await until('it is logged', () => lateOf(path).length === 1);
    expect(lateOf(path)).toEqual([`${path} 504 late=plain`]);
  });

  test.each([
    ['1', '1'],
    ['9', '9'],
    ['10', '10'],
    ['60', '60'],
    ['0', '60'],
    ['61', '60'],
    ['100', '60'],
    ['05', '60'],
  ])('a deadline of %s s is %s s to the app', async (seconds, deadline) => {
    expect((await get(`/one/${seconds}s`)).body).toBe(`${seconds}s ${deadline} True`);
  });

  test('a location sets its own deadline', async () => {
    expect((await get('/one/set')).body).toBe('other 7 True');
  });

  describe('an offloaded route', () => {
    test('may take longer than its deadline, and a poll has one of its own', async () => {
      const answer = await get('/signal?length=2500');
      expect(answer).toMatchObject({ status: 200, body: 'result by 7' });
    });

    test.each([
      ['late', 'length=30000', 504],
      ['refused', 'url=/nowhere', 502],
    ])(
      'whose result is %s is answered by the offload, and not counted',
      async (_, query, status) => {
        const path = `/signal?${query}&own`;
        expect((await get(path)).status).toBe(status);
        await until('it is logged', () =>
          nginx.accessLog().some((line) => line.startsWith(`${path} ${status}`)),
        );
        expect(lateOf(path)).toEqual([]);
      },
    );
  });
});

describe.each(stable)(`a harakiri of one's own, ${onRelease}`, (release) => {
  /** A request of 6 s whose deadline is 10 s. */
  const ask = async (...lines: string[]) => {
    const app = await Deadlines.start(1, lines);
    const nginx = await Nginx.start(release, {
      appPort: app.port,
      http: 'include offload/deadline/http.conf;',
      server: `
        include offload/deadline/server.conf;
        location /long/ {
            set $offload_deadline 10;
            include uwsgi_params;
            uwsgi_pass 127.0.0.1:${app.port};
            include offload/deadline/uwsgi.conf;
            include offload/uwsgi.conf;
        }`,
    });
    try {
      return (await call(nginx.port, '/long/?sleep=6')).status;
    } finally {
      await nginx.stop();
      await app.stop();
    }
  };

  test('below deadlines.ini it ends a request before its deadline, above it does not', async () => {
    const own = 'harakiri = 2';
    expect(await Promise.all([ask(INCLUDE, own), ask(own, INCLUDE)])).toEqual([504, 200]);
  });
});
