/** A farm of single-process uWSGI backends (nginx/farm, service/farm.sh). */

import { call, openHttp1 } from '../../../testkit/clients/client';
import { sleep, until } from '../../../testkit/clients/until';
import { Farm } from '../../../testkit/servers/farm';
import { Nginx, onRelease, stable } from '../../../testkit/servers/nginx';

const BACKENDS = 4;

/** Headers forged by a client. */
const FORGED = {
  'X-Forwarded-For': '6.6.6.6',
  'X-Real-IP': '6.6.6.6',
  'X-Forwarded-Proto': 'https',
  'X-Forwarded-Host': 'evil.example',
  'X-Forwarded-Port': '666',
  'X-Forwarded-Prefix': '/evil',
  'X-Forwarded-Ssl': 'on',
  'X-Scheme': 'https',
  Forwarded: 'for=6.6.6.6',
  X_Forwarded_For: '6.6.6.6',
};

const TRUE_CLIENT = {
  HTTP_X_FORWARDED_FOR: '127.0.0.1',
  HTTP_X_REAL_IP: '127.0.0.1',
  HTTP_X_FORWARDED_PROTO: 'http',
  HTTP_X_FORWARDED_HOST: 'app.example',
  HTTP_X_FORWARDED_PORT: '',
  HTTP_X_FORWARDED_PREFIX: '',
  HTTP_X_FORWARDED_SSL: '',
  HTTP_X_SCHEME: '',
  HTTP_FORWARDED: '',
};

const KINDS = [
  { kind: 'a socket for each backend', isShared: false },
  { kind: 'one socket for all', isShared: true },
];
const farms = stable.flatMap((release) => KINDS.map((kind) => ({ ...release, ...kind })));

describe.each(farms)(`${onRelease}, $kind`, ({ isShared, ...release }) => {
  let farm: Farm;
  let nginx: Nginx;
  let ids = 0;

  beforeAll(async () => {
    farm = await Farm.start(BACKENDS, { isShared });
    nginx = await Nginx.start(release, {
      appPort: 1,
      workerProcesses: 4,
      folders: [farm.folder],
      http: `
    underscores_in_headers on;
    upstream farm {
        include offload/farm/balance.conf;
        include ${farm.servers};
    }
    upstream half {
        include offload/farm/balance.conf;
        server unix:${farm.folder}/run/missing.sock max_fails=3 fail_timeout=1s;
        server unix:${isShared ? farm.shared : farm.socket(1)} max_fails=3 fail_timeout=1s;
    }`,
      server: `
        location ~ ^/(work|die|seen|app/job)$ {
            include uwsgi_params;
            uwsgi_pass farm;
            set $offload_interval 50ms;
            include offload/farm/uwsgi.conf;
            include offload/uwsgi.conf;
        }
        location /half/ {
            include uwsgi_params;
            rewrite ^/half(/.*) $1 break;
            uwsgi_pass half;
            include offload/farm/uwsgi.conf;
        }`,
      waiter: `
        location /poll/app/ {
            include uwsgi_params;
            uwsgi_pass farm;
            include offload/poll.conf;
            include offload/farm/poll.conf;
        }`,
    });
  });

  afterAll(async () => {
    await nginx?.stop();
    await farm?.stop();
  });

  const newId = () => String(++ids);
  const work = (ms: number, { method = 'GET', id = newId(), path = '/work' } = {}) =>
    call(nginx.port, `${path}?ms=${ms}&id=${id}`, {
      method,
      ...(method === 'POST' ? { body: 'x'.repeat(1000) } : {}),
    });
  const backendOf = ({ body }: { body: string }) => JSON.parse(body).backend as string;

  /** Starts requests at a constant rate, until `end` is called. */
  const load = () => {
    const calls: { id: string; method: string; status: Promise<number> }[] = [];
    const timer = setInterval(() => {
      const [method, id] = [calls.length % 2 === 0 ? 'GET' : 'POST', newId()];
      const status = work(10, { method, id }).then(
        (answer) => answer.status,
        () => 0,
      );
      calls.push({ id, method, status });
    }, 20);
    return {
      calls,
      end: async () => {
        clearInterval(timer);
        const ended = await Promise.all(
          calls.map(async (each) => ({ ...each, status: await each.status })),
        );
        const runs = farm.runs();
        return ended.map((each) => ({ ...each, runs: runs.get(each.id) ?? 0 }));
      },
    };
  };

  test('all requests go to the only idle backend, from each worker process of nginx', async () => {
    const slow = Array.from({ length: BACKENDS - 1 }, () => work(4000));
    await sleep(500);
    const idle = new Set<string>();
    for (let i = 0; i < 20; i++) {
      idle.add(backendOf(await work(5)));
    }
    const busy = new Set((await Promise.all(slow)).map(backendOf));
    expect(busy.size).toBe(BACKENDS - 1);
    expect(idle.size).toBe(1);
    expect(busy.has([...idle][0] ?? '')).toBe(false);
  });

  test('a backend that works for a disconnected client gets no other requests until it is done', async () => {
    const id = newId();
    const client = openHttp1(nginx.port, `/work?ms=4000&id=${id}`);
    await sleep(500);
    client.disconnect('RST');
    await sleep(100);
    const used: string[] = [];
    for (let i = 0; i < 12; i++) {
      used.push(backendOf(await work(5)));
    }
    await until('the work is done', () => farm.runs().has(id));
    expect(used).not.toContain(farm.backendOf(id));
  });

  test('a POST is retried if the connection to a backend fails, and runs once', async () => {
    const posts = Array.from({ length: 20 }, () => newId());
    for (const id of posts) {
      const { status } = await work(5, { method: 'POST', id, path: '/half/work' });
      expect(status).toBe(200);
    }
    expect(posts.map((id) => farm.runs().get(id))).toEqual(posts.map(() => 1));
    expect(nginx.errorLog()).toContain('missing.sock failed');
  });

  test('farm.sh reload under load neither loses a request nor runs one twice', async () => {
    const before = await pids();
    const { end } = load();
    await farm.run('/etc/nginx/offload/service/farm.sh reload');
    await sleep(500);
    const ended = await end();
    expect(ended.length).toBeGreaterThan(50);
    expect(ended.filter(({ status, runs }) => status !== 200 || runs !== 1)).toEqual([]);
    const after = await pids();
    expect(before.filter((pid) => after.includes(pid))).toEqual([]);
  });

  test('killing backends under load loses no GET; a POST fails rather than being run twice', async () => {
    const { calls, end } = load();
    for (const number of [1, 2]) {
      await sleep(500);
      await farm.kill(number);
    }
    await sleep(1500);
    const ended = await end();
    expect(ended.length).toBe(calls.length);
    const of = (wanted: string) => ended.filter(({ method }) => method === wanted);
    expect(of('GET').filter(({ status, runs }) => status !== 200 || runs < 1)).toEqual([]);
    expect(of('POST').filter(({ runs }) => runs > 1)).toEqual([]);
    expect(of('POST').filter(({ status, runs }) => status === 200 && runs !== 1)).toEqual([]);
    // at most the requests that a killed backend had accepted or queued
    const lost = of('POST').filter(({ status }) => status !== 200);
    expect(lost.every(({ status }) => status === 502)).toBe(true);
    expect(lost.length).toBeLessThan(8);
    await until(
      'the killed backends have restarted',
      async () => (await pids()).length === BACKENDS,
    );
  });

  test('a GET that kills its backend is tried three times, without affecting other requests', async () => {
    const id = newId();
    const { end } = load();
    const killer = await work(0, { id, path: '/die' });
    await sleep(1000);
    const ended = await end();
    expect(killer.status).toBe(502);
    expect(farm.runs().get(id)).toBe(3);
    expect(ended.filter(({ method, status }) => method === 'GET' && status !== 200)).toEqual([]);
    const post = newId();
    expect((await work(0, { method: 'POST', id: post, path: '/die' })).status).toBe(502);
    expect(farm.runs().get(post)).toBe(1);
    await until(
      'the killed backends have restarted',
      async () => (await pids()).length === BACKENDS,
    );
  });

  test('the app gets the client address from nginx, not from forged headers', async () => {
    const headers = { Host: 'app.example', ...FORGED };
    const { body } = await call(nginx.port, '/seen', { headers });
    expect(JSON.parse(body)).toMatchObject({ ...TRUE_CLIENT, HTTP_HOST: 'app.example' });
  });

  test('any backend can signal and be polled; polls have the client address', async () => {
    const headers = { Host: 'app.example', ...FORGED };
    const answers = await Promise.all(
      Array.from({ length: 24 }, (_, i) =>
        call(nginx.port, `/app/job?length=${500 + 20 * i}&name=of-${i}`, { headers }),
      ),
    );
    const seen = answers.map(({ body }) => JSON.parse(body));
    for (const [i, poll] of seen.entries()) {
      expect(poll).toMatchObject({ ...TRUE_CLIENT, REMOTE_ADDR: '127.0.0.1' });
      expect(poll.PATH_INFO).toContain(`-of-${i}/`);
    }
    expect(new Set(seen.map(({ BACKEND }) => BACKEND)).size).toBeGreaterThan(1);
  });

  test('polling ends if the client disconnected before the signal', async () => {
    const client = openHttp1(nginx.port, '/app/job?ms=700&length=60000&name=left');
    await sleep(300);
    client.disconnect('FIN');
    const line = () => nginx.accessLog().find((each) => each.includes('name=left'));
    await until('the request is logged', () => line() !== undefined, 5000);
    expect(line()).toMatch(/^499 /);
  });

  /** Pids of the running backends, found by simultaneous requests. */
  const pids = async () => {
    const answers = await Promise.all(Array.from({ length: BACKENDS }, () => work(400)));
    return [...new Set(answers.map(({ body, status }) => status === 200 && JSON.parse(body).pid))];
  };
});
