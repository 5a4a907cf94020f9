/** Operations of a location whose app stays where it is: a 418 with a Location, X-Accel-Redirect; and $offload_pending. */

import { call, openHttp1 } from '../../../../testkit/clients/client';
import { until } from '../../../../testkit/clients/until';
import { matrix, onRelease } from '../../../../testkit/servers/nginx';
import { Operations, type Reply } from './operations';

const RUNNING: Reply = { status: 202 };
const RESULT: Reply = { headers: { 'X-Of': 'result' }, body: 'the result' };

describe.each(matrix)(onRelease, (release) => {
  let api: Operations;
  let port: number;

  beforeAll(async () => {
    api = await Operations.start(release, () => ({
      server: `
        set $offload_interval 20ms;
        location /app/ { proxy_pass http://app; include offload/proxy.conf; }
        location /short/ { set $offload_timeout 1s; proxy_pass http://app; include offload/proxy.conf; }
        location /listed/ { set $offload_pending "202 425"; proxy_pass http://app; include offload/proxy.conf; }`,
      waiter: `
        location /ops/ { proxy_pass http://app; include offload/operation.conf; }
        location /jobs/ { proxy_pass http://app; include offload/poll.conf; }`,
    }));
    port = api.nginx.port;
  });

  afterAll(() => api?.stop());

  test.each<[string, Reply]>([
    ['a 418 with a Location', { status: 418 }],
    [
      'a 202 with a Location and X-Accel-Redirect',
      { status: 202, headers: { 'X-Accel-Redirect': '@offload' } },
    ],
  ])('%s is held, and polled by GET', async (_, reply) => {
    const id = api.id();
    const headers = { ...reply.headers, Location: `/ops/${id}?k=1`, 'Set-Cookie': 'first=1' };
    api.script(`/app/${id}`, { ...reply, headers });
    api.script(`/ops/${id}`, RUNNING, { status: 503 }, RESULT);
    const answer = await call(port, `/app/${id}`, { method: 'POST', body: 'x' });
    expect(answer).toMatchObject({ status: 200, body: 'the result' });
    expect(answer.headers).not.toHaveProperty('set-cookie');
    expect(answer.headers).not.toHaveProperty('location');
    expect(api.seen(`/ops/${id}`)).toEqual(Array(3).fill(`GET /ops/${id}?k=1`));
  });

  test('the result of a 418 may be a 400', async () => {
    const id = api.id();
    api.script(`/app/${id}`, { status: 418, headers: { Location: `/ops/${id}` } });
    api.script(`/ops/${id}`, RUNNING, { status: 400, body: 'bad' });
    expect(await call(port, `/app/${id}`)).toMatchObject({ status: 400, body: 'bad' });
  });

  test('the operation of a 418 is no URL for the client: at the timeout a 504, and the job is cancelled', async () => {
    const id = api.id();
    api.script(`/short/${id}`, {
      status: 418,
      headers: { Location: `/ops/${id}`, 'X-Offload-Cancel': `/jobs/${id}` },
    });
    api.script(`/ops/${id}`, RUNNING);
    api.script(`/jobs/${id}`, {});
    expect(await call(port, `/short/${id}`)).toMatchObject({ status: 504 });
    await until('it is cancelled', () => api.seen(`/jobs/${id}`).length > 0);
    expect(api.seen(`/jobs/${id}`)).toEqual([`DELETE /jobs/${id}`]);
  });

  test('that of a 202 with X-Accel-Redirect is: at the timeout a 202', async () => {
    const id = api.id();
    const headers = { 'X-Accel-Redirect': '@offload', Location: `/ops/${id}` };
    api.script(`/short/${id}`, { status: 202, headers });
    api.script(`/ops/${id}`, { status: 202, body: 'half' });
    expect(await call(port, `/short/${id}`)).toMatchObject({
      status: 202,
      body: 'half',
      headers: { location: `/ops/${id}` },
    });
  });

  test('a 418 without either header passes through', async () => {
    const id = api.id();
    api.script(`/app/${id}`, { status: 418, body: 'teapot', headers: { 'X-A': '1' } });
    expect(await call(port, `/app/${id}`)).toMatchObject({ status: 418 });
    expect(api.seen(id)).toHaveLength(1);
  });

  test('a published signal is one beside a Location', async () => {
    const id = api.id();
    const headers = { Location: '/ops/none', 'X-OffloadToPoller-Url': `/jobs/${id}` };
    api.script(`/app/${id}`, { status: 418, headers });
    api.script(`/jobs/${id}/`, RESULT);
    expect(await call(port, `/app/${id}`)).toMatchObject({ status: 200, body: 'the result' });
    expect(api.requests(`/jobs/${id}/`).map(({ method }) => method)).toEqual(['POST']);
  });

  test('$offload_pending: a job of the published signal may end in a 400', async () => {
    const id = api.id();
    const headers = { 'X-OffloadToPoller-Url': `/jobs/${id}` };
    api.script(`/listed/${id}`, { status: 418, headers });
    const bad = { status: 400, body: 'no such address' };
    api.script(`/jobs/${id}/`, RUNNING, { status: 425 }, bad);
    expect(await call(port, `/listed/${id}`)).toMatchObject({
      status: 400,
      body: 'no such address',
    });
    expect(api.seen(`/jobs/${id}`)).toHaveLength(3);
  });

  test('a client that leaves a 418 with X-Offload-Cancel: one DELETE there', async () => {
    const id = api.id();
    const headers = { Location: `/ops/${id}`, 'X-Offload-Cancel': `/jobs/${id}` };
    api.script(`/app/${id}`, { status: 418, headers });
    api.script(`/ops/${id}`, RUNNING);
    api.script(`/jobs/${id}`, {});
    const client = openHttp1(port, `/app/${id}`);
    await until('it is polled', () => api.seen(`/ops/${id}`).length > 1);
    client.disconnect('FIN');
    await until('it is cancelled', () => api.seen(`/jobs/${id}`).length > 0);
    expect(api.seen(`/jobs/${id}`)).toEqual([`DELETE /jobs/${id}`]);
  });
});
