/** Status documents: a 200 with JSON says how far an operation is; and starts whose JSON names the operation. */

import { call } from '../../../../testkit/clients/client';
import { engines, onRelease } from '../../../../testkit/servers/nginx';
import { json, Operations, type Reply } from './operations';

const LIMIT = 1_048_576;

describe.each(engines)(onRelease, (release) => {
  let api: Operations;
  let port: number;

  beforeAll(async () => {
    api = await Operations.start(release, () => ({
      server: `
        set $offload_interval 20ms;
        set $offload_timeout 20s;
        location /api/ { set $offload_status status; include offload/accepted.conf; }
        location /brief/ { set $offload_timeout 2s; set $offload_status status; include offload/accepted.conf; }
        location /linked/ { set $offload_status state.name; set $offload_result "{links.result}"; include offload/accepted.conf; }
        location /results/ { set $offload_status status; set $offload_result "/results/{id}/value"; include offload/accepted.conf; }
        location /start/ { set $offload_operation "/api/op-{id}"; set $offload_status status; include offload/accepted-json.conf; }
        location /begin/ { set $offload_operation "{urls.get}"; include offload/accepted-json.conf; }`,
      waiter: ['api', 'brief', 'linked', 'results', 'start', 'begin']
        .map(
          (each) => `location /${each}/ { proxy_pass http://app; include offload/operation.conf; }`,
        )
        .join('\n'),
    }));
    port = api.nginx.port;
  });

  afterAll(() => api?.stop());

  const start = (path: string, ...documents: [Reply, ...Reply[]]) => {
    const id = api.id();
    api.script(`/${path}/new-${id}`, { status: 202, headers: { Location: `/${path}/op-${id}` } });
    api.script(`/${path}/op-${id}`, ...documents);
    return { id, answer: () => call(port, `/${path}/new-${id}`, { method: 'POST', body: '{}' }) };
  };

  test('running, an unknown word, then done: the document is the result', async () => {
    const words = ['queued', 'IN_PROGRESS', 'almost-there', 3, 'Succeeded'];
    const documents = words.map((status) => json({ status, at: status })) as [Reply];
    const answer = await start('api', ...documents).answer();
    expect(answer).toMatchObject({ status: 200, body: '{"status":"Succeeded","at":"Succeeded"}' });
  });

  test.each(['failed', 'Error', 'CANCELED'])('%s is a 500 with the document', async (status) => {
    const document = json({ status, code: 7 }, { headers: { 'X-Of': 'it' } });
    const answer = await start('api', json({ status: 'running' }), document).answer();
    expect(answer).toMatchObject({ status: 500, body: document.body, headers: { 'x-of': 'it' } });
  });

  test('a failure in chunks, and one with a long header, is a 500 as well', async () => {
    const body = JSON.stringify({ status: 'failed' });
    const chunked = `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
    const type = { 'Content-Type': 'application/json' };
    for (const reply of [
      { headers: { ...type, 'Transfer-Encoding': 'chunked' }, body: chunked },
      { headers: { ...type, 'X-Long': 'a'.repeat(3_000) }, body },
    ]) {
      expect(await start('api', json({ status: 'running' }), reply).answer()).toMatchObject({
        status: 500,
        body,
      });
    }
  });

  test('a document that is done names the result', async () => {
    const { id, answer } = start('linked', json({ state: { name: 'running' } }));
    const links = { result: `http://127.0.0.1:${port}/linked/result-${id}?v=2` };
    api.script(`/linked/op-${id}`, json({ state: { name: 'done' }, links }));
    api.script(`/linked/result-${id}`, json({ status: 'failed', of: 'the result itself' }));
    expect(await answer()).toMatchObject({
      status: 200,
      body: '{"status":"failed","of":"the result itself"}',
    });
    expect(api.seen(`result-${id}`)).toEqual([`GET /linked/result-${id}?v=2`]);
  });

  test.each([
    ['without the field', { status: 'done' }],
    ['with one that is no text', { status: 'done', id: {} }],
    ['with a path upwards', { status: 'done', id: '../../admin' }],
  ])('a document %s is the result', async (_, document) => {
    const { id, answer } = start('results', json(document));
    expect(await answer()).toMatchObject({ status: 200, body: JSON.stringify(document) });
    expect(api.seen(id)).toHaveLength(2);
    expect(api.seen('admin')).toEqual([]);
  });

  test('a field of the document is a part of a path, and adds no query', async () => {
    const document = json({ status: 'done', id: 'a b?c#d&e' });
    api.script('/results/a%20b%3Fc%23d&e/value', json({ found: 1 }));
    const { answer } = start('results', document);
    // nginx and an app may decode %3F differently: it is not requested, and the document is the result
    expect(await answer()).toMatchObject({ status: 200, body: document.body });
  });

  test('a 200 that is no JSON is the result; JSON that can not be read is polled again', async () => {
    const html = { headers: { 'Content-Type': 'text/html' }, body: '<p>done</p>' };
    expect(await start('api', html).answer()).toMatchObject({ status: 200, body: html.body });
    const broken = { ...json(0), body: '{"status": "run' };
    const { id, answer } = start('api', broken, broken, json({ status: 'done' }));
    expect(await answer()).toMatchObject({ status: 200, body: '{"status":"done"}' });
    expect(api.nginx.errorLog()).toContain(`"/api/op-${id}" is no JSON that can be read`);
  });

  test("at the timeout the newest document is the client's, as a 202", async () => {
    const { id, answer } = start('brief', json({ status: 'running', percent: 40 }));
    expect(await answer()).toMatchObject({
      status: 202,
      body: '{"status":"running","percent":40}',
      headers: { location: `/brief/op-${id}`, 'content-type': 'application/json' },
    });
  });

  test('a document of 10 MB is no result: the client gets a 202 that says where', async () => {
    const large = json({ status: 'failed', log: 'x'.repeat(10_000_000) });
    const { id, answer } = start('brief', large);
    expect(await answer()).toMatchObject({
      status: 202,
      headers: { location: `/brief/op-${id}` },
    });
  });

  describe('a start whose JSON names the operation', () => {
    const begin = (path: string, reply: Reply, headers = {}) => {
      const id = api.id();
      api.script(`/${path}/new-${id}`, reply);
      return call(port, `/${path}/new-${id}?a=1`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...headers },
        body: '{"model":"m"}',
      });
    };

    test.each([200, 201, 202])('%d: the operation is waited for', async (status) => {
      const id = api.id();
      api.script(`/api/op-${id}`, json({ status: 'queued' }), json({ status: 'completed', id }));
      const answer = await begin('start', json({ id, status: 'queued' }, { status }));
      expect(answer).toMatchObject({
        status: 200,
        body: JSON.stringify({ status: 'completed', id }),
      });
    });

    test("the URL may be absolute, of the client's host or of the upstream's", async () => {
      for (const host of [`127.0.0.1:${port}`, 'app']) {
        const id = api.id();
        api.script(`/api/op-${id}`, { status: 202 }, { body: 'the result' });
        const urls = { get: `https://${host}/api/op-${id}` };
        expect(await begin('begin', json({ urls }, { status: 201 }))).toMatchObject({
          body: 'the result',
        });
      }
    });

    test('the app gets the call as it is: method, URI, body, header', async () => {
      const before = api.app.seen.length;
      const headers = { Authorization: 'Bearer t', 'X-Own': 'a, b', Cookie: 'a=1; b=2' };
      await begin('start', json({ status: 'completed' }), headers);
      const [request] = api.app.seen.slice(before);
      expect(request).toMatchObject({ method: 'POST', uri: expect.stringContaining('?a=1') });
      expect(Object.fromEntries(request?.headers ?? [])).toMatchObject({
        authorization: 'Bearer t',
        'x-own': 'a, b',
        cookie: 'a=1; b=2',
        'content-length': '13',
        'content-type': 'application/json',
      });
    });

    test.each<[string, Reply]>([
      ['one that is done', json({ id: 'x', status: 'completed', output: 1 }, { status: 201 })],
      ['one without the field', json({ status: 'queued' })],
      ['one that is no object', json([1])],
      ['one that can not be read', { ...json(0), body: '{' }],
      ['text', { headers: { 'Content-Type': 'text/plain' }, body: '{"id":"x"}' }],
      ['an error', json({ id: 'x', status: 'queued' }, { status: 429 })],
      ['an answer without a body', { status: 204 }],
      ['lines of one name', { headers: { 'Set-Cookie': ['a=1', 'b=2'] }, body: 'x' }],
    ])('%s passes through', async (_, reply) => {
      const { status = 200, body = '', headers = {} } = reply;
      const answer = await begin('start', reply);
      expect(answer).toMatchObject({ status, body });
      expect(answer.headers['set-cookie']).toEqual(headers['Set-Cookie']);
    });

    test('one that has failed is a 500', async () => {
      const reply = json({ id: 'x', status: 'failed' });
      expect(await begin('start', reply)).toMatchObject({ status: 500, body: reply.body });
    });

    test('Prefer: respond-async has the answer of the app', async () => {
      const reply = json({ id: 'x', status: 'queued' }, { status: 201 });
      const headers = { Prefer: 'respond-async' };
      expect(await begin('start', reply, headers)).toMatchObject({ status: 201, body: reply.body });
    });

    test('an answer past subrequest_output_buffer_size is a 502, and the app is called once', async () => {
      const before = api.app.seen.length;
      const reply = json({ id: 'x', status: 'queued', more: 'x'.repeat(LIMIT) });
      expect(await begin('start', reply)).toMatchObject({ status: 502 });
      expect(api.app.seen.length - before).toBe(1);
      expect(api.nginx.errorLog()).toContain('too big subrequest response');
    });

    test('a 202 with a Location is held as well', async () => {
      const id = api.id();
      api.script(`/api/op-${id}`, json({ status: 'running' }), json({ status: 'done' }));
      const answer = await begin('start', { status: 202, headers: { Location: `/api/op-${id}` } });
      expect(answer).toMatchObject({ status: 200, body: '{"status":"done"}' });
    });
  });
});
