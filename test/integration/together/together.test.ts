/** The offload, a farm, the cache, deadlines and metrics in one configuration, as in docs/together.md. */

import { readFileSync } from 'node:fs';
import https from 'node:https';
import { call, openHttp1 } from '../../../testkit/clients/client';
import { sleep, until } from '../../../testkit/clients/until';
import { selfSigned } from '../../../testkit/machines/certificate';
import { nginxT } from '../../../testkit/nginx-t/nginx-t';
import { Farm } from '../../../testkit/servers/farm';
import { countOf, describeShared, scrapeAt, valueIn } from '../../../testkit/servers/metrics';
import { freePort, Nginx, stable } from '../../../testkit/servers/nginx';

const BACKENDS = 4;

describeShared(stable, (release) => {
  let farm: Farm;
  let nginx: Nginx;
  let tlsPort: number;
  let metricsPort: number;
  let ids = 0;

  const app = `
            include uwsgi_params;
            uwsgi_pass farm;
            include offload/farm/uwsgi.conf;
            include offload/deadline/farm.conf;
            include offload/uwsgi.conf;`;

  beforeAll(async () => {
    farm = await Farm.start(BACKENDS, {
      module: 'together',
      lines: 'ini = /etc/nginx/offload/service/deadlines.ini',
    });
    const { files, lines } = selfSigned();
    tlsPort = await freePort();
    metricsPort = await freePort();
    nginx = await Nginx.start(release, {
      files,
      appPort: 1,
      workerProcesses: 2,
      folders: [farm.folder],
      http: `
    include offload/cache/http.conf;
    include offload/route/http.conf;
    include offload/deadline/http.conf;
    include offload/metrics/http.conf;
    include offload/metrics/count.conf;
    map $uri $offload_route {
        default      other;
        ~^/slow/     slow;
        ~^/reports/  reports;
    }
    map $offload_route $offload_deadline {
        default  30;
        slow     2;
        reports  5;
    }
    map $offload_route $offload_timeout {
        default  60s;
        reports  2m;
    }
    log_format together '$status $uri route=$offload_route_name late=$offload_deadline_passed polls=$offload_polls';
    access_log /var/log/offload/together.log together;
    upstream farm {
        include offload/farm/balance.conf;
        include ${farm.servers};
    }
    server {
        listen 127.0.0.1:${metricsPort};
        include offload/metrics/server.conf;
    }
    server {
        include offload/cache/origin.conf;
        include offload/server.conf;
        include offload/deadline/server.conf;
        location / {${app.replace('farm/uwsgi.conf', 'farm/origin.conf')}
            include offload/cache/app.conf;
        }
    }`,
      server: `
        listen 127.0.0.1:${tlsPort} ssl;${lines}
        include offload/cache/server.conf;
        include offload/deadline/server.conf;
        location /reports/ {
            proxy_cache_valid 200 10m;
            include offload/cache/location.conf;
        }
        location /slow/ {${app}
        }
        location /fast/ {${app}
        }`,
      waiter: `
        location /poll/app/ {
            include uwsgi_params;
            uwsgi_pass farm;
            include offload/poll.conf;
            include offload/farm/poll.conf;
            include offload/deadline/poll.conf;
        }`,
    });
  });

  afterAll(async () => {
    await nginx?.stop();
    await farm?.stop();
  });

  const newId = () => `id${++ids}`;
  const ask = (path: string, cookie?: string) =>
    call(nginx.port, path, {
      headers: {
        Host: 'localhost',
        ...(cookie === undefined ? {} : { Cookie: `session=${cookie}` }),
      },
    });

  test('a report that 40 visitors request at once is one job, and then served from the cache', async () => {
    const id = newId();
    const answers = await Promise.all(Array.from({ length: 40 }, () => ask(`/reports/${id}`)));
    expect(new Set(answers.map(({ status, body }) => `${status} ${body}`))).toEqual(
      new Set([`200 ${id} for anonymous`]),
    );
    const again = await ask(`/reports/${id}`);
    expect(again.body).toBe(`${id} for anonymous`);
    expect(again.headers['x-cache-status']).toBe('HIT');
    expect(farm.runs().get(id)).toBe(1);
  });

  test('a held report that fills the cache is counted once, and held while it is', async () => {
    const id = newId();
    const held = 'offload_held_requests{route="reports"}';
    const counted = async () => valueIn(await scrapeAt(metricsPort), countOf('reports'));
    // nginx counts after the answer
    await until('those of the test before are counted', async () => (await counted()) === 41);
    const report = ask(`/reports/${id}`);
    await until('it is held', async () => valueIn(await scrapeAt(metricsPort), held) === 1);
    expect((await report).status).toBe(200);
    await until('it is counted', async () => (await counted()) === 42);
    expect(valueIn(await scrapeAt(metricsPort), held)).toBeNaN();
  });

  test('visitors with a session have their own jobs and results, beside anonymous ones', async () => {
    const id = newId();
    const sessions = ['a', undefined, 'b', undefined, 'a'];
    const answers = await Promise.all(sessions.map((session) => ask(`/reports/${id}`, session)));
    expect(answers.map(({ body }) => body)).toEqual(
      sessions.map(
        (session) => `${id} for ${session === undefined ? 'anonymous' : `session=${session}`}`,
      ),
    );
    // one of them for the anonymous visitors
    expect(farm.runs().get(id)).toBe(4);
  });

  test('when the first visitor leaves, the report goes on', async () => {
    const id = newId();
    const first = openHttp1(nginx.port, `/reports/${id}`);
    await until('the report is queued', () => farm.runs().get(id) === 1);
    const second = ask(`/reports/${id}`);
    await sleep(300);
    first.disconnect('FIN');
    expect((await second).body).toBe(`${id} for anonymous`);
    expect(farm.runs().get(id)).toBe(1);
  });

  test('fast calls go to idle backends; slow ones are ended at their deadline, without a retry', async () => {
    const ids = Array.from({ length: BACKENDS - 1 }, newId);
    const slow = ids.map((id) => ask(`/slow/?ms=20000&id=${id}`));
    await until('they have started', () => ids.every((id) => farm.runs().has(id)));
    const started = Date.now();
    let fast = 0;
    while (Date.now() - started < 1000) {
      expect((await ask(`/fast/?id=${newId()}`)).status).toBe(200);
      fast++;
    }
    expect(fast).toBeGreaterThan(5);
    expect((await Promise.all(slow)).map(({ status }) => status)).toEqual(ids.map(() => 504));
    const runs = farm.runs();
    expect(ids.map((id) => [runs.get(id), runs.get(`cleaned-up-${id}`)])).toEqual(
      ids.map(() => [1, 1]),
    );
    // nginx logs after the answer
    await until(
      'the passed deadlines are logged',
      () => nginx.log('together.log').match(/^504 .* late=slow/gm)?.length === ids.length,
    );
  });

  test('past the deadline all backends are idle again', async () => {
    const answers = await Promise.all(
      Array.from({ length: BACKENDS }, () => ask(`/fast/?ms=1000&id=${newId()}`)),
    );
    expect(answers.map(({ body }) => body)).toEqual(answers.map(() => 'http 127.0.0.1 anonymous'));
  });

  test.each([undefined, 'ann'])(
    'the app behind the cache gets the scheme of the client (session: %s)',
    async (cookie) => {
      const answer = await new Promise<string>((resolve, reject) => {
        const options = {
          rejectUnauthorized: false,
          headers: cookie === undefined ? {} : { Cookie: `session=${cookie}` },
        };
        https
          .get(`https://127.0.0.1:${tlsPort}/reports/page`, options, (response) =>
            response.on('data', (piece) => resolve(String(piece))),
          )
          .on('error', reject);
      });
      expect(answer).toBe('https https');
    },
  );

  test('a backend that is killed loses no report, no held client and no idempotent call', async () => {
    const reports = Array.from({ length: 8 }, newId);
    const held = reports.map((id, i) => ask(`/reports/${id}`, i % 2 === 0 ? undefined : id));
    const calls = Array.from({ length: BACKENDS }, newId);
    await until('reports are queued', () => reports.every((id) => farm.runs().has(id)));
    const fast = calls.map((id) => ask(`/fast/?ms=1500&id=${id}`));
    await until('fast requests have started', () => calls.every((id) => farm.runs().has(id)));
    await farm.kill(2);
    expect((await Promise.all(held)).map(({ body }) => body)).toEqual(
      reports.map((id, i) => `${id} for ${i % 2 === 0 ? 'anonymous' : `session=${id}`}`),
    );
    expect((await Promise.all(fast)).map(({ status }) => status)).toEqual(calls.map(() => 200));
  });

  test('the nginx.conf in the docs passes nginx -t', async () => {
    const page = readFileSync('docs/together.md', 'utf8');
    const [, text] = /```nginx\n(load_module.*?)```/s.exec(page) as unknown as [string, string];
    expect(await nginxT(release.release, text)).toEqual({ passes: true, complaints: [] });
  });

  test('the error log has nothing severe', () => {
    const severe = nginx
      .errorLog()
      .split('\n')
      .filter((line) => /\[(alert|crit|emerg)\]/.test(line));
    expect(severe).toEqual([]);
  });
});
