/** Calls with the same Idempotency-Key, in each way in: one call to the app, and its result for each client. */

import { type Call, call } from '../../../../testkit/clients/client';
import { until } from '../../../../testkit/clients/until';
import { onRelease, stable } from '../../../../testkit/servers/nginx';
import { json, Operations, type Reply } from '../accepted/operations';

const parts = {
  workerProcesses: 2,
  http: 'include offload/join/http.conf;',
  server: `
    client_max_body_size 4m;
    include offload/join/server.conf;
    location /signal/ {
        proxy_pass http://app;
        include offload/proxy.conf;
        include offload/join/location.conf;
    }
    location /api/ { include offload/accepted.conf; include offload/join/location.conf; }
    location /json/ {
        set $offload_operation "/json/op-{id}";
        set $offload_status status;
        include offload/accepted-json.conf;
        include offload/join/location.conf;
    }
    location ~ marked$ { include offload/accepted.conf; }
    location ~ joined$ {
        proxy_pass http://app;
        include offload/proxy.conf;
        include offload/join/location.conf;
    }
    location /private/ {
        allow 127.0.0.2;
        deny all;
        proxy_pass http://app;
        include offload/proxy.conf;
        include offload/join/location.conf;
    }`,
  waiter: `
    include offload/join/waiter.conf;
    ${['signal', 'api', 'json', 'private']
      .map(
        (each) => `location /${each}/ { proxy_pass http://app; include offload/operation.conf; }`,
      )
      .join('\n')}
    location /jobs/ { proxy_pass http://app; include offload/poll.conf; }`,
};

const SECRETS = { set: 'session-of-the-first', body: 'body-of-the-first-answer' };

/** A way in: what the app answers to the call, and where its operation is asked for. */
const WAYS: [
  name: string,
  folder: string,
  first: (id: string) => Reply,
  asked: (id: string) => string,
][] = [
  [
    'a 418 of the published protocol',
    'signal',
    (id) => ({
      status: 418,
      headers: {
        'X-OffloadToPoller-Url': '/poll',
        'X-OffloadToPoller-Args': id,
        'X-Offload-Cancel': `/jobs/${id}`,
      },
    }),
    (id) => `/poll/${id}/`,
  ],
  [
    'a 418 with a Location',
    'signal',
    (id) => ({ status: 418, headers: { Location: `/signal/op-${id}` } }),
    (id) => `/signal/op-${id}`,
  ],
  [
    'a 202 with a Location',
    'api',
    (id) => ({ status: 202, headers: { Location: `op-${id}` } }),
    (id) => `/api/op-${id}`,
  ],
  [
    'JSON that names the operation',
    'json',
    (id) => json({ id, status: 'running' }, { status: 201 }),
    (id) => `/json/op-${id}`,
  ],
];

describe.each(stable)(onRelease, (release) => {
  let api: Operations;

  beforeAll(async () => {
    api = await Operations.start(release, () => parts);
  });

  afterAll(() => api?.stop());

  describe.each(WAYS)('%s', (_, folder, first, asked) => {
    let id: string;
    const keyed = (key: string, more: Call = {}): Call => ({
      method: 'POST',
      body: 'payload',
      ...more,
      headers: { 'Idempotency-Key': `"${key}"`, 'Content-Type': 'text/plain', ...more.headers },
    });
    const start = (options: Call) => call(api.nginx.port, `/${folder}/new-${id}`, options);
    const calls = () => api.seen(`/${folder}/new-${id}`);
    const finish = () => {
      const result =
        folder === 'json' ? json({ status: 'done', of: id }) : { body: `result of ${id}` };
      api.script(asked(id), result);
    };
    const isResult = (body: string) => body.includes(id);

    beforeEach(() => {
      id = api.id();
      const reply = first(id);
      api.script(`/${folder}/new-${id}`, {
        body: SECRETS.body,
        ...reply,
        headers: { ...reply.headers, 'Set-Cookie': `s=${SECRETS.set}` },
      });
      const pending = folder === 'json' ? json({ status: 'running' }) : { status: 202 };
      api.script(asked(id), pending);
    });

    test.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])(
      'a second %s joins, and one that comes after the result has it',
      async (method) => {
        if (method === 'GET' && folder === 'json') {
          // a GET starts nothing there
          return;
        }
        const options = keyed(`k-${method}`, { method });
        const answers = [start(options), start(options)];
        await until('both are polled for', () => api.seen(asked(id)).length >= 4);
        finish();
        for (const answer of await Promise.all(answers)) {
          expect([answer.status, isResult(answer.body)]).toEqual([200, true]);
          expect(answer.headers['set-cookie']).toBeUndefined();
        }
        expect(isResult((await start(options)).body)).toBe(true);
        expect(calls()).toEqual([`${method} /${folder}/new-${id}`]);
      },
    );

    test('50 at once, with a reload in the middle, are one call and 50 results', async () => {
      const half = Array.from({ length: 25 }, () => start(keyed('many')));
      await until('the app is called', () => calls().length > 0);
      await api.nginx.run('nginx', '-s', 'reload');
      const rest = Array.from({ length: 25 }, () => start(keyed('many')));
      await until('they are polled for', () => api.seen(asked(id)).length >= 50);
      finish();
      const answers = await Promise.all([...half, ...rest]);
      expect(answers.filter(({ status, body }) => status !== 200 || !isResult(body))).toEqual([]);
      expect(calls().length).toBe(1);
    });

    test('a client that leaves and comes again has the result of its first call, which is not cancelled', async () => {
      await expect(start(keyed('refresh', { timeout: 600 }))).rejects.toThrow('timeout');
      const again = start(keyed('refresh'));
      const before = api.seen(asked(id)).length;
      await until('it is polled for', () => api.seen(asked(id)).length > before + 1);
      finish();
      expect(isResult((await again).body)).toBe(true);
      expect(calls().length).toBe(1);
      expect(api.seen('').filter((each) => each.startsWith('DELETE /jobs'))).toEqual([]);
    });

    test.each<[string, Call]>([
      ['payload', { body: 'another' }],
      ['type of payload', { headers: { 'Content-Type': 'application/json' } }],
      ['method', { method: 'PUT' }],
      ['key', { headers: { 'Idempotency-Key': 'x' } }],
      ['Authorization', { headers: { Authorization: 'Bearer b' } }],
      ['cookie', { headers: { Cookie: 'user=b' } }],
    ])('another %s is another call', async (_, other) => {
      finish();
      await Promise.all([start(keyed('same')), start(keyed('same', other))]);
      expect(calls().length).toBe(2);
    });

    test("without the header each call is the app's", async () => {
      finish();
      const options: Call = { method: 'POST', body: 'payload' };
      await Promise.all([start(options), start(options)]);
      expect(calls().length).toBe(2);
    });

    test('nothing of a caller or of an answer is kept on disk', async () => {
      const secrets = ['key-of-caller', 'bearer-of-caller', 'cookie-of-caller', 'body-of-caller'];
      const [key = '', bearer, cookie, body = ''] = secrets;
      finish();
      await start(
        keyed(key, { body, headers: { Authorization: `Bearer ${bearer}`, Cookie: `c=${cookie}` } }),
      );
      const kept = await api.nginx.outputOf(
        'sh',
        '-c',
        'cat $(find /var/cache/nginx-offload-joined -type f)',
      );
      expect(kept).toContain('KEY: ');
      for (const secret of [...secrets, ...Object.values(SECRETS)]) {
        expect(kept).not.toContain(secret);
      }
    });
  });

  test.each([10, 20_000, 2_000_000])(
    'an answer of %d bytes that is no signal passes, and is not kept',
    async (size) => {
      const id = api.id();
      const body = 'x'.repeat(size);
      api.script(`/api/now-${id}`, {
        status: 201,
        body,
        headers: { 'Set-Cookie': ['a=1', 'b=2'], ETag: '"e"' },
      });
      const options: Call = { method: 'POST', body: 'x', headers: { 'Idempotency-Key': 'n' } };
      for (let i = 0; i < 2; i++) {
        const answer = await call(api.nginx.port, `/api/now-${id}`, options);
        expect([answer.status, answer.body === body]).toEqual([201, true]);
        expect(answer.headers).toMatchObject({ 'set-cookie': ['a=1', 'b=2'], etag: '"e"' });
      }
      expect(api.seen(`/api/now-${id}`).length).toBe(2);
    },
  );

  test("a large body is compared to its last byte; past 1 MB it is the app's as it is", async () => {
    const id = api.id();
    api.script(`/api/new-${id}`, { status: 202, headers: { Location: `op-${id}` } });
    api.script(`/api/op-${id}`, { body: `result of ${id}` });
    const start = (body: string) =>
      call(api.nginx.port, `/api/new-${id}`, {
        method: 'POST',
        body,
        headers: { 'Idempotency-Key': 'k' },
      });
    const large = 'y'.repeat(500_000);
    await start(`${large}1`);
    await start(`${large}1`);
    expect(api.seen(`/new-${id}`).length).toBe(1);
    await start(`${large}2`);
    expect(api.seen(`/new-${id}`).length).toBe(2);
    const larger = 'z'.repeat(1_500_000);
    for (let i = 0; i < 2; i++) {
      expect((await start(larger)).body).toBe(`result of ${id}`);
    }
    expect(api.seen(`/new-${id}`).length).toBe(4);
    expect(api.nginx.errorLog()).toContain('is not joined: its body is larger than 1 MB');
  });

  test.each([
    '/api/a%20b-ID?q=1&r=a%20b%2F',
    '/api/a+b-ID?x=1+2',
    '/api/%C3%A4-ID?x=%C3%A4',
    '/api/a%2Fb-ID/../c-ID?x=1',
    '/signal/a%20b//c-ID?q=%00',
  ])('the app has the URI %s as the client sent it', async (pattern) => {
    const uri = pattern.replaceAll('ID', api.id());
    const options: Call = { method: 'POST', body: 'x', headers: { 'Idempotency-Key': '0' } };
    await call(api.nginx.port, uri, options);
    await call(api.nginx.port, uri, { method: 'POST', body: 'x' });
    const seen = api.seen('').filter((each) => each === `POST ${uri}`);
    expect(seen.length).toBe(2);
  });

  test('an operation of such a URI is joined, with a key of 0', async () => {
    const id = api.id();
    api.script(`/api/a%20b-${id}`, { status: 202, headers: { Location: `op-${id}` } });
    api.script(`/api/op-${id}`, { body: `result of ${id}` });
    const options: Call = { method: 'POST', body: 'x', headers: { 'Idempotency-Key': '0' } };
    for (let i = 0; i < 2; i++) {
      expect((await call(api.nginx.port, `/api/a%20b-${id}`, options)).body).toBe(
        `result of ${id}`,
      );
    }
    expect(api.seen(`/api/a%20b-${id}`).length).toBe(1);
  });

  test.each(['marked', 'joined'])(
    "a %s location of any path leads to none of nginx's own locations",
    async (folder) => {
      for (const path of [
        `/.offload/first/private/${folder}`,
        `/.offload/join/GET/abc/first/private/${folder}`,
        `/.offload/join/GET/abc/start/private/${folder}`,
        `/.offload/start/private/${folder}`,
        `/x/..%2f.offload/first/private/${folder}`,
        `//.offload/first/private/${folder}`,
      ]) {
        for (const method of ['GET', 'POST']) {
          const headers = { 'Idempotency-Key': path };
          expect((await call(api.nginx.port, path, { method, headers })).status).toBe(404);
        }
      }
      expect(api.seen(`/private/${folder}`)).toEqual([]);
    },
  );

  test('access rules of the location are those of a call with a key', async () => {
    const options: Call = { method: 'POST', body: 'x', headers: { 'Idempotency-Key': 'k' } };
    expect((await call(api.nginx.port, '/private/a', options)).status).toBe(403);
    api.script('/private/b', { body: 'allowed' });
    const allowed = { ...options, localAddress: '127.0.0.2' };
    expect((await call(api.nginx.port, '/private/b', allowed)).body).toBe('allowed');
  });
});
