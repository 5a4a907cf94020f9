/** Metrics by route: exact counts over worker processes and reloads, bounded series, held clients. */

import http from 'node:http';
import { App } from '../../../testkit/apps/app';
import { call, openHttp1 } from '../../../testkit/clients/client';
import { until } from '../../../testkit/clients/until';
import { long } from '../../../testkit/jest/long';
import { jobsLocation } from '../../../testkit/servers/configuration';
import {
  checkedByPrometheus,
  countOf,
  describeShared,
  scrapeAt,
  valueIn,
} from '../../../testkit/servers/metrics';
import { engines, freePort, Nginx } from '../../../testkit/servers/nginx';

const ROUTES = `
    include offload/metrics/http.conf;
    include offload/metrics/log.conf;
    access_log /var/log/offload/json.log offload_json;
    include offload/metrics/count.conf;
    map $uri $offload_route {
        default       other;
        /plain        plain;
        /job          job;
        ~(?s)^/wild/(.*)  $1;
        ~^/named/(.*) $1;
        ~^/graphql    graphql;
    }
    map $offload_route $offload_graphql {
        default "";
        graphql 1;
    }`;

const SERVER = `
        location = /plain { return 200 "ok"; }
        location /wild/ { return 200 "ok"; }
        location /named/ {
            proxy_pass http://app/job$is_args$args;
            include offload/proxy.conf;
        }
        location = /limited/job {
            set $offload_timeout 1s;
            proxy_pass http://app/job;
            include offload/proxy.conf;
        }`;

describeShared(engines, (release) => {
  const app = new App();
  let nginx: Nginx;
  let metricsPort: number;

  /** Signals a job after 600 ms. */
  let lateSignals = 0;
  const late = http.createServer((_, response) => {
    lateSignals++;
    setTimeout(async () => {
      await call(app.port, '/job?length=60000&tag=late');
      const id = app.jobs.list().at(-1)?.id;
      response
        .writeHead(418, {
          'X-OffloadToPoller-Url': '/poll',
          'X-OffloadToPoller-Args': String(id),
          'X-Offload-Cancel': `/jobs/${id}`,
        })
        .end();
    }, 600);
  });
  let latePort: number;

  const parts = (port: number) => ({
    appPort: app.port,
    workerProcesses: 4,
    http: `${ROUTES}
    server {
        listen 127.0.0.1:${port};
        include offload/metrics/server.conf;
    }`,
    server: `${SERVER}
        location = /ignoring {
            proxy_ignore_client_abort on;
            proxy_pass http://127.0.0.1:${latePort};
            include offload/proxy.conf;
        }`,
    waiter: jobsLocation,
  });

  beforeAll(async () => {
    await app.start();
    latePort = await freePort();
    await new Promise<void>((resolve) => late.listen(latePort, '127.0.0.1', resolve));
    metricsPort = await freePort();
    nginx = await Nginx.start(release, parts(metricsPort));
  });

  afterAll(async () => {
    await nginx?.stop();
    late.close();
    await app.stop();
  });

  const scrape = (port = metricsPort) => scrapeAt(port);
  const value = async (series: string) => valueIn(await scrape(), series);

  const requests = long(100_000, 12_000);
  test(`counts are exact after ${requests} requests over 4 worker processes and 3 reloads`, async () => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 32 });
    let sent = 0;
    let answered = 0;
    const client = async () => {
      while (sent < requests) {
        sent++;
        if (sent % (requests / 4) === 0 && sent < requests) {
          await nginx.run('nginx', '-s', 'reload');
        }
        for (;;) {
          try {
            const { status } = await call(nginx.port, '/plain', { agent });
            answered += status === 200 ? 1 : 0;
            break;
          } catch (error) {
            // an old worker process closed the connection before it had the request
            expect((error as { code?: string }).code).toMatch(/^(ECONNRESET|EPIPE)$/);
          }
        }
      }
    };
    await Promise.all(Array.from({ length: 32 }, client));
    agent.destroy();
    expect(answered).toBe(requests);
    await until('all are counted', async () => (await value(countOf('plain'))) >= requests);
    const text = await scrape();
    expect(valueIn(text, countOf('plain'))).toBe(requests);
    expect(valueIn(text, 'offload_metrics_lost_total')).toBe(0);
    expect(nginx.errorLog()).not.toContain('metrics are incomplete');
  });

  test('the page is valid by promtool', async () => {
    await call(nginx.port, '/wild/a', { method: 'POST' });
    await call(nginx.port, '/job?length=300');
    const text = await scrape();
    expect(checkedByPrometheus(text)).toBe('');
  });

  test('a histogram has the time of a request in each bucket from its own on', async () => {
    await call(nginx.port, '/blocking?length=1200');
    await until('it is counted', async () => (await value(countOf('other'))) >= 1);
    const text = await scrape();
    const bucket = (le: string) =>
      valueIn(
        text,
        `offload_http_request_duration_seconds_bucket{route="other",method="GET",code="2xx",le="${le}"}`,
      );
    expect([bucket('1'), bucket('2.5'), bucket('300'), bucket('+Inf')]).toEqual([0, 1, 1, 1]);
    const sum = valueIn(
      text,
      'offload_http_request_duration_seconds_sum{route="other",method="GET",code="2xx"}',
    );
    expect(sum).toBeGreaterThanOrEqual(1.2);
    expect(sum).toBeLessThan(2.5);
  });

  describe('a held client', () => {
    const of = (name: string) => `${name}{route="job"}`;
    const outcome = (which: string) =>
      `offload_held_requests_total{route="job",outcome="${which}"}`;

    test('is counted while it is held, then by its outcome, polls and time', async () => {
      const before = await scrape();
      const answer = call(nginx.port, '/job?length=2000');
      await until('it is held', async () => (await value(of('offload_held_requests'))) === 1);
      expect((await answer).status).toBe(200);
      const was = (series: string) => valueIn(before, series) || 0;
      await until(
        'it is counted',
        async () => (await value(outcome('result'))) === was(outcome('result')) + 1,
      );
      const after = await scrape();
      expect(valueIn(after, of('offload_held_requests'))).toBeNaN();
      const polls = valueIn(after, of('offload_polls_total')) - was(of('offload_polls_total'));
      expect(polls).toBe(app.jobs.list().at(-1)?.polls.length);
      const waited = of('offload_wait_duration_seconds_sum');
      expect(valueIn(after, waited) - was(waited)).toBeGreaterThanOrEqual(2);
      const late = of('offload_lateness_seconds_total');
      expect(valueIn(after, late) - was(late)).toBeGreaterThan(0);
      expect(valueIn(after, late) - was(late)).toBeLessThan(2);
    });

    test('that leaves is disconnected, and its job is cancelled', async () => {
      const client = openHttp1(nginx.port, '/job?length=60000&cancel=/jobs/');
      await until('it is held', async () => (await value(of('offload_held_requests'))) === 1);
      client.disconnect('FIN');
      await until('it is counted', async () => (await value(outcome('disconnected'))) === 1);
      const text = await scrape();
      expect(valueIn(text, of('offload_cancels_total'))).toBe(1);
      expect(valueIn(text, 'offload_http_client_aborts_total{route="job",when="held"}')).toBe(1);
      expect(valueIn(text, of('offload_held_requests'))).toBeNaN();
    });

    test('whose time passes has the outcome timeout', async () => {
      expect((await call(nginx.port, '/limited/job?length=60000')).status).toBe(504);
      const timeout = 'offload_held_requests_total{route="other",outcome="timeout"}';
      await until('it is counted', async () => (await value(timeout)) === 1);
      expect(await value('offload_http_timeouts_total{route="other"}')).toBe(1);
    });

    test('has its outcome, polls and times in the log, which is JSON', async () => {
      await call(nginx.port, '/job?length=500&logged');
      const line = () =>
        nginx
          .log('json.log')
          .split('\n')
          .find((each) => each.includes('&logged'));
      await until('it is logged', () => line() !== undefined);
      const logged = JSON.parse(line() as string);
      expect(logged).toMatchObject({ route: 'job', outcome: 'result', status: '200' });
      expect(Number(logged.polls)).toBeGreaterThanOrEqual(1);
      expect(Number(logged.waited)).toBeGreaterThanOrEqual(0.5);
      expect(Number(logged.late)).toBeGreaterThan(0);
      const plain = nginx
        .log('json.log')
        .split('\n')
        .find((each) => each.includes('"route":"plain"'));
      expect(JSON.parse(plain as string)).toMatchObject({ outcome: '', polls: '', late: '' });
    });
  });

  describe('names that every object has', () => {
    const names = ['constructor', 'toString', 'valueOf', '__proto__', 'hasOwnProperty'];
    const held = (name: string) => `offload_held_requests{route="${name}"}`;

    test('are routes as any other: held, answered, valid to Prometheus', async () => {
      const clients = [...names, ...names].map((name) =>
        openHttp1(nginx.port, `/named/${name}?length=60000&cancel=/jobs/`),
      );
      let text = '';
      await until('all are held', async () => {
        text = await scrape();
        return names.every((name) => valueIn(text, held(name)) === 2);
      });
      expect(checkedByPrometheus(text)).toBe('');
      for (const client of clients) {
        client.disconnect('FIN');
      }
      const left = (name: string) =>
        `offload_held_requests_total{route="${name}",outcome="disconnected"}`;
      // a worker process counts one after the other: a page may be between two of them
      await until('all are counted, and none is held', async () => {
        text = await scrape();
        return names.every(
          (name) =>
            valueIn(text, left(name)) === 2 &&
            valueIn(text, countOf(name, '499')) === 2 &&
            Number.isNaN(valueIn(text, held(name))),
        );
      });
      expect(checkedByPrometheus(text)).toBe('');
    });

    test('are operations of GraphQL as any other', async () => {
      for (const operationName of names) {
        await call(nginx.port, '/graphql', {
          method: 'POST',
          body: JSON.stringify({ operationName }),
        });
      }
      let text = '';
      const counted = (name: string) =>
        new RegExp(`^offload_graphql_requests_total\\{operation="${name}",.*\\} 1$`, 'm').test(
          text,
        );
      await until('all are counted', async () => {
        text = await scrape();
        return names.every(counted);
      });
      expect(checkedByPrometheus(text)).toBe('');
    });
  });

  test('a client that leaves before the app has answered is counted', async () => {
    const client = openHttp1(nginx.port, '/blocking?length=2000&early');
    await until('the app has it', () => app.seen.some(({ url }) => url.endsWith('&early')));
    client.disconnect('FIN');
    const series = 'offload_http_client_aborts_total{route="other",when="before"}';
    await until('it is counted', async () => (await value(series)) === 1);
  });

  test('with *_ignore_client_abort, the job that is signalled to a client that left is cancelled', async () => {
    const client = openHttp1(nginx.port, '/ignoring');
    await until('the app has it', () => lateSignals === 1);
    client.disconnect('FIN');
    await until('its job is cancelled', () =>
      app.jobs.list().some(({ tag, cancels }) => tag === 'late' && cancels === 1),
    );
  });

  test('GraphQL requests are counted by the name of their operation', async () => {
    const post = (body: string) => call(nginx.port, '/graphql', { method: 'POST', body });
    await post(JSON.stringify({ query: 'query Orders { a }' }));
    await post(JSON.stringify({ query: '{ a }' }));
    await post('no JSON');
    await post(JSON.stringify({ query: 'query Long { a }', variables: 'x'.repeat(20_000) }));
    for (const name of ['Orders', '(anonymous)', '(malformed)', '(unread)']) {
      const series = new RegExp(
        `^offload_graphql_requests_total\\{operation="${name.replace(/[()]/g, '\\$&')}",code="\\dxx"\\} 1$`,
        'm',
      );
      await until(`${name} is counted`, async () => series.test(await scrape()));
    }
  });

  test('a name with a newline behind it is none', async () => {
    await call(nginx.port, '/wild/newline%0A');
    await call(nginx.port, '/graphql', {
      method: 'POST',
      body: JSON.stringify({ operationName: 'Newline\n' }),
    });
    await until('it is counted', async () => (await value(countOf('unreadable'))) === 1);
    const malformed = /^offload_graphql_requests_total\{operation="\(malformed\)",.*\} 2$/m;
    await until('the other as well', async () => malformed.test(await scrape()));
    expect(await scrape()).not.toMatch(/newline/i);
  });

  test('a hostile client makes no more series, and all its requests are counted', async () => {
    const before = (await scrape()).split('\n').length;
    const agent = new http.Agent({ keepAlive: true, maxSockets: 16 });
    const kinds = long(3000, 1200);
    const ask = (i: number) =>
      Promise.all([
        call(nginx.port, `/wild/r${i}`, { agent }),
        call(nginx.port, `/wild/${encodeURIComponent(`"\\\n{${i}`)}`, { agent }),
        call(nginx.port, '/plain', { agent, method: METHODS[i % METHODS.length] as string }),
        call(nginx.port, '/graphql', {
          agent,
          method: 'POST',
          body: JSON.stringify({ operationName: `op${i}` }),
        }),
      ]);
    for (let i = 0; i < kinds; i++) {
      await ask(i);
    }
    agent.destroy();
    await until('all are counted', async () => (await value(countOf('unreadable'))) === kinds + 1);
    const text = await scrape();
    const of = (route: string) => valueIn(text, countOf(route)) || 0;
    const wild = [...text.matchAll(/_count\{route="r\d+",method="GET",code="2xx"\} 1$/gm)].length;
    expect(wild).toBeGreaterThan(300);
    expect(wild + of('(more)')).toBe(kinds);
    expect(valueIn(text, 'offload_metrics_series')).toBeLessThanOrEqual(500);
    expect(valueIn(text, 'offload_metrics_operations')).toBeLessThanOrEqual(100);
    expect(valueIn(text, 'offload_metrics_folded_total')).toBeGreaterThanOrEqual(kinds - 500);
    expect(text.split('\n').length).toBeLessThan(before + 11_000);
    expect(valueIn(text, 'offload_metrics_lost_total')).toBe(0);
    expect(
      [...new Set([...text.matchAll(/method="(\w+)"/g)].map(([, name]) => name))].sort(),
    ).toEqual(['DELETE', 'GET', 'POST', 'PUT', '_OTHER']);
    expect(checkedByPrometheus(text)).toBe('');
  });

  test('a scrape of 10,000 lines does not stop the other requests of its worker process', async () => {
    const port = await freePort();
    const one = await Nginx.start(release, { ...parts(port), workerProcesses: 1 });
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    try {
      for (let i = 0; i < 600; i++) {
        await call(one.port, `/wild/r${i}`, { agent });
      }
      let lines = 0;
      const scraped = scrape(port).then((text) => {
        lines = text.split('\n').length;
      });
      let answered = 0;
      while (lines === 0) {
        await call(one.port, '/plain', { agent });
        answered++;
      }
      await scraped;
      expect(lines).toBeGreaterThan(9000);
      expect(answered).toBeGreaterThan(20);
    } finally {
      agent.destroy();
      await one.stop();
    }
  });
});

const METHODS = ['PUT', 'DELETE', 'PROPFIND', 'BREW', 'TEA', 'LOCK'];
