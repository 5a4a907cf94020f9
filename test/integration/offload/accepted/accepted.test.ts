/** 202 with a Location, from any upstream: held, and answered with the result. */

import { call, openHttp1 } from '../../../../testkit/clients/client';
import { until } from '../../../../testkit/clients/until';
import { ends, onRelease } from '../../../../testkit/servers/nginx';
import { Operations, type Reply } from './operations';

const RUNNING: Reply = { status: 202, body: 'running' };
const RESULT: Reply = { headers: { 'X-Of': 'result' }, body: 'the result' };
const accepted = (location: string, headers: Reply['headers'] = {}): Reply => ({
  status: 202,
  headers: { Location: location, 'Set-Cookie': 'first=1', 'Cache-Control': 'no-store', ...headers },
  body: 'queued',
});

describe.each(ends)(onRelease, (release) => {
  let api: Operations;
  let port: number;

  beforeAll(async () => {
    api = await Operations.start(release, (app) => ({
      http: `upstream operations.example { server 127.0.0.1:${app}; }`,
      server: `
        set $offload_interval 20ms;
        location /api/ { include offload/accepted.conf; }
        location /short/ { set $offload_timeout 1s; set $offload_longest_wait 2s; include offload/accepted.conf; }
        location /created/ { set $offload_accept "201 202"; include offload/accepted.conf; }
        location /deleted/ { set $offload_cancel_operation on; include offload/accepted.conf; }
        location /first/ { set $offload_pending "202 404"; include offload/accepted.conf; }
        location /named/ { include offload/accepted.conf; }
        location /hosted/ { include offload/accepted.conf; }`,
      waiter: ['api', 'short', 'created', 'deleted', 'first']
        .map(
          (each) => `location /${each}/ { proxy_pass http://app; include offload/operation.conf; }`,
        )
        .concat(
          'location /named/ { proxy_pass http://operations.example; include offload/operation.conf; }',
          'location /hosted/ { set $offload_upstream_host api.vendor.example; proxy_pass http://app; include offload/operation.conf; }',
        )
        .join('\n'),
    }));
    port = api.nginx.port;
  });

  afterAll(() => api?.stop());

  test.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])(
    '%s: the operation is polled by GET at its very URL, and the client has the result alone',
    async (method) => {
      const id = api.id();
      api.script(`/api/start-${id}`, accepted(`/api/op-${id}?key=a%20b&n=1`));
      api.script(`/api/op-${id}`, RUNNING, RUNNING, RESULT);
      const body = ['GET', 'DELETE'].includes(method) ? {} : { body: '{"a":1}' };
      const answer = await call(port, `/api/start-${id}?x=1`, {
        method,
        headers: { Authorization: 'Bearer t', 'Content-Type': 'application/json' },
        ...body,
      });
      expect(answer).toMatchObject({
        status: 200,
        body: 'the result',
        headers: { 'x-of': 'result' },
      });
      expect(answer.headers).not.toHaveProperty('set-cookie');
      expect(answer.headers).not.toHaveProperty('cache-control');
      expect(answer.headers.vary).toBe(method === 'GET' ? 'Prefer' : undefined);
      const polls = Array(3).fill(`GET /api/op-${id}?key=a%20b&n=1`);
      expect(api.seen(id)).toEqual([`${method} /api/start-${id}?x=1`, ...polls]);
      for (const { headers } of api.requests(`op-${id}`)) {
        expect(headers.get('authorization')).toBe('Bearer t');
        expect(Object.fromEntries(headers)).not.toHaveProperty('content-type');
        expect([...headers.keys()].filter((name) => /offload|^te$/.test(name))).toEqual([]);
      }
    },
  );

  test.each<[string, Record<string, string>]>([
    [
      'Operation-Location',
      { 'Operation-Location': 'X', 'Azure-AsyncOperation': 'n', Location: 'n' },
    ],
    [
      'Azure-AsyncOperation',
      { 'Azure-AsyncOperation': 'X', Location: 'n', 'Content-Location': 'n' },
    ],
    ['Location', { Location: 'X', 'Content-Location': 'n' }],
    ['Content-Location', { 'Content-Location': 'X' }],
  ])('%s names the operation', async (_, named) => {
    const id = api.id();
    const headers = Object.fromEntries(
      Object.entries(named).map(([name, value]) => [
        name,
        value === 'X' ? `/api/op-${id}` : '/api/no',
      ]),
    );
    api.script(`/api/start-${id}`, { status: 202, headers });
    api.script(`/api/op-${id}`, RESULT);
    expect(await call(port, `/api/start-${id}`)).toMatchObject({ status: 200, body: 'the result' });
    expect(api.seen('/api/no')).toEqual([]);
  });

  test.each([
    ['a path', '/api', (id: string) => `/api/op-${id}`],
    ['a relative path', '/api', (id: string) => `op-${id}`],
    ['a relative path upwards', '/api', (id: string) => `../api/op-${id}`],
    ["the client's host", '/api', (id: string) => `http://shop.example/api/op-${id}`],
    ["the client's host, https", '/api', (id: string) => `https://SHOP.example:443/api/op-${id}`],
    [
      "the client's host at another port",
      '/api',
      (id: string) => `http://shop.example:8000/api/op-${id}`,
    ],
    ["the upstream's host", '/named', (id: string) => `http://operations.example/named/op-${id}`],
    [
      '$offload_upstream_host',
      '/hosted',
      (id: string) => `https://api.vendor.example/hosted/op-${id}`,
    ],
  ])('a URL may be %s', async (_, path, url) => {
    const id = api.id();
    // proxy_redirect would make a path of a Location
    api.script(`${path}/start-${id}`, { status: 202, headers: { 'Operation-Location': url(id) } });
    api.script(`${path}/op-${id}`, RUNNING, RESULT);
    const answer = await call(port, `${path}/start-${id}`, { headers: { Host: 'shop.example' } });
    expect(answer).toMatchObject({ status: 200, body: 'the result' });
  });

  test.each([
    ['another host', 'https://evil.example/api/op', 'is on another host'],
    ['a path out of the marked ones', '/admin/op', 'is served by no location'],
    ['..', '/api/../admin', 'has a . or .. segment'],
    ['the private server itself', '/.offload/cancel', "is the waiter's own"],
  ])(
    "a URL with %s is the client's: a 202 that has it, a line in the log",
    async (_, url, reason) => {
      const id = api.id();
      api.script(`/api/start-${id}`, { status: 202, headers: { 'Operation-Location': url } });
      const before = api.app.seen.length;
      const answer = await call(port, `/api/start-${id}`);
      expect(answer).toMatchObject({ status: 202, headers: { location: url } });
      expect(api.app.seen.slice(before).map(({ uri }) => uri)).toEqual([`/api/start-${id}`]);
      expect(api.nginx.errorLog()).toContain(`is not polled: it ${reason}`);
    },
  );

  test.each([
    ['a 202 without a Location', { status: 202, body: 'thanks' }],
    ['a 201 with a Location', { status: 201, headers: { Location: '/api/new' }, body: 'made' }],
    ['a 200 with a Location', { status: 200, headers: { Location: '/api/new' }, body: 'ok' }],
    ['a 418', { status: 418, body: 'teapot' }],
  ])('%s passes through', async (_, reply: Reply) => {
    const id = api.id();
    api.script(`/api/start-${id}`, reply);
    expect(await call(port, `/api/start-${id}`)).toMatchObject({
      status: reply.status,
      body: reply.body,
    });
    expect(api.seen(id)).toHaveLength(1);
  });

  test('$offload_accept "201 202": a 201 with a Location is held, and a 202', async () => {
    for (const status of [201, 202]) {
      const id = api.id();
      api.script(`/created/start-${id}`, { ...accepted(`/created/op-${id}`), status });
      api.script(`/created/op-${id}`, RESULT);
      expect(await call(port, `/created/start-${id}`)).toMatchObject({ body: 'the result' });
    }
  });

  test.each([400, 404, 410, 422, 500, 501])(
    'a poll with status %d is the result',
    async (status) => {
      const id = api.id();
      api.script(`/api/start-${id}`, accepted(`/api/op-${id}`));
      api.script(`/api/op-${id}`, RUNNING, { status, body: 'why' });
      expect(await call(port, `/api/start-${id}`)).toMatchObject({ status, body: 'why' });
    },
  );

  test('429, 502, 503 and 504 are transient', async () => {
    const id = api.id();
    api.script(`/api/start-${id}`, accepted(`/api/op-${id}`));
    const transient = [429, 502, 503, 504].map((status) => ({ status }));
    api.script(`/api/op-${id}`, RUNNING, ...transient, RESULT);
    expect(await call(port, `/api/start-${id}`)).toMatchObject({ status: 200, body: 'the result' });
    expect(api.seen(`op-${id}`)).toHaveLength(6);
  });

  test('$offload_pending says what means "not yet"', async () => {
    const id = api.id();
    api.script(`/first/start-${id}`, accepted(`/first/op-${id}`));
    api.script(`/first/op-${id}`, { status: 404 }, RUNNING, { status: 400, body: 'bad' });
    expect(await call(port, `/first/start-${id}`)).toMatchObject({ status: 400, body: 'bad' });
  });

  test('a 303 leads to the result; a redirect of the operation itself to the operation', async () => {
    const id = api.id();
    api.script(`/api/start-${id}`, accepted(`/api/op-${id}`));
    api.script(`/api/op-${id}`, { status: 301, headers: { Location: `/api/op-${id}/` } });
    api.script(`/api/op-${id}/`, RUNNING, {
      status: 303,
      headers: { Location: `/api/result-${id}` },
    });
    api.script(`/api/result-${id}`, RESULT);
    expect(await call(port, `/api/start-${id}`)).toMatchObject({ status: 200, body: 'the result' });
    expect(api.seen(`result-${id}`)).toEqual([`GET /api/result-${id}`]);
  });

  test("redirects in a circle, and one to another host, are the client's", async () => {
    for (const location of ['/api/op-ID', 'https://elsewhere.example/r']) {
      const id = api.id();
      api.script(`/api/start-${id}`, accepted(`/api/op-${id}`));
      const to = location.replace('ID', id);
      api.script(`/api/op-${id}`, { status: 303, headers: { Location: to } });
      const answer = await call(port, `/api/start-${id}`);
      expect(answer).toMatchObject({ status: 303, headers: { location: to } });
      expect(api.seen(`op-${id}`).length).toBeLessThanOrEqual(4);
    }
  });

  test('Retry-After wins, that of the 202 and that of a poll', async () => {
    const id = api.id();
    api.script(`/api/start-${id}`, accepted(`/api/op-${id}`, { 'Retry-After': '1' }));
    api.script(`/api/op-${id}`, { ...RUNNING, headers: { 'Retry-After': '1' } }, RESULT);
    const answer = await call(port, `/api/start-${id}`);
    expect(answer.body).toBe('the result');
    expect(answer.ms).toBeGreaterThan(1_900);
    expect(api.seen(`op-${id}`)).toHaveLength(2);
  });

  test.each([
    'respond-async',
    'respond-async; a=b, return=minimal',
    'return=minimal, Respond-Async',
    'wait=0',
  ])('Prefer: %s has the 202 of the app', async (prefer) => {
    const id = api.id();
    api.script(`/api/start-${id}`, accepted(`/api/op-${id}`));
    const answer = await call(port, `/api/start-${id}`, { headers: { Prefer: prefer } });
    expect(answer).toMatchObject({
      status: 202,
      body: 'queued',
      headers: { location: `/api/op-${id}`, vary: 'Prefer', 'set-cookie': ['first=1'] },
    });
    expect(api.seen(id)).toHaveLength(1);
  });

  test.each([
    ['wait=1', '/api', 700, 1_900],
    ['respond-async, wait=1', '/api', 700, 1_900],
    ['wait=60, within $offload_longest_wait', '/short', 1_700, 4_000],
    ['wait=x, which is none', '/short', 700, 1_900],
  ])('Prefer: %s', async (prefer, path, least, most) => {
    const id = api.id();
    api.script(`${path}/start-${id}`, accepted(`${path}/op-${id}`));
    api.script(`${path}/op-${id}`, RUNNING);
    const headers = {
      Prefer:
        prefer.split(', w')[0] === prefer ? prefer : prefer.replace(/, within.*|, which.*/, ''),
    };
    const answer = await call(port, `${path}/start-${id}`, { headers });
    expect(answer).toMatchObject({ status: 202, headers: { location: `${path}/op-${id}` } });
    expect(answer.ms).toBeGreaterThan(least);
    expect(answer.ms).toBeLessThan(most);
  });

  test('at the timeout: a 202 with the newest answer, and the job goes on', async () => {
    const id = api.id();
    api.script(`/short/start-${id}`, accepted(`op-${id}?k=1`));
    const step = (number: number): Reply => ({
      status: 202,
      headers: { 'X-Progress': `${number}`, Location: 'http://127.0.0.1/own' },
      body: `${number} done`,
    });
    const steps = Array.from({ length: 1_000 }, (_, number) => step(number));
    api.script(`/short/op-${id}`, step(0), ...steps);
    const answer = await call(port, `/short/start-${id}`);
    const polls = api.requests(`op-${id}`).length;
    expect(answer).toMatchObject({
      status: 202,
      body: `${polls - 2} done`,
      headers: {
        location: `/short/op-${id}?k=1`,
        'retry-after': '10',
        'x-progress': `${polls - 2}`,
      },
    });
    api.script(`/short/op-${id}`, RESULT);
    expect(await call(port, answer.headers.location as string)).toMatchObject({
      body: 'the result',
    });
    expect(api.seen(id).filter((each) => each.startsWith('DELETE'))).toEqual([]);
  });

  test('at the timeout of an app that is away: a 202 that says where', async () => {
    const id = api.id();
    api.script(`/short/start-${id}`, accepted(`/short/op-${id}`));
    api.script(`/short/op-${id}`, { status: 503 });
    const answer = await call(port, `/short/start-${id}`);
    expect(answer).toMatchObject({
      status: 202,
      headers: { location: `/short/op-${id}`, 'retry-after': '10' },
    });
    expect(api.nginx.errorLog()).toContain('the client gets a 202, and its job goes on');
  });

  test.each([
    ['deleted', 1],
    ['api', 0],
  ])('a client that leaves /%s/: %d DELETE of the operation', async (path, deletes) => {
    const id = api.id();
    api.script(`/${path}/start-${id}`, accepted(`http://localhost/${path}/op-${id}?k=1`));
    api.script(`/${path}/op-${id}`, RUNNING);
    const client = openHttp1(port, `/${path}/start-${id}`);
    await until('it is polled', () => api.seen(`op-${id}`).length > 1);
    client.disconnect('FIN');
    const line = `499 GET /${path}/start-${id} `;
    await until('it has left', () => api.nginx.accessLog().some((each) => each.startsWith(line)));
    const wanted = Array(deletes).fill(`DELETE /${path}/op-${id}?k=1`);
    const deleted = () => api.seen(`op-${id}`).filter((each) => each.startsWith('DELETE'));
    await until('it is deleted', () => deleted().length >= deletes);
    expect(deleted()).toEqual(wanted);
  });

  test('a long header, a large body and one of unknown length are the result, byte for byte', async () => {
    const large = 'x'.repeat(3_000_000);
    for (const reply of [
      { headers: { 'X-Long': 'a'.repeat(3_000) }, body: 'long' },
      { body: large },
      { headers: { 'Transfer-Encoding': 'chunked' }, body: '5\r\nhello\r\n0\r\n\r\n' },
    ]) {
      const id = api.id();
      api.script(`/api/start-${id}`, accepted(`/api/op-${id}`));
      api.script(`/api/op-${id}`, RUNNING, reply);
      const answer = await call(port, `/api/start-${id}`);
      expect(answer.status).toBe(200);
      expect(answer.body.length).toBe(
        'Transfer-Encoding' in (reply.headers ?? {}) ? 5 : reply.body.length,
      );
    }
  });
});
