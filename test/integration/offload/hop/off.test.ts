/** Where a client can't be sent on, it is held on: it has its result, and the log says why. */

import { call } from '../../../../testkit/clients/client';
import { until } from '../../../../testkit/clients/until';
import { ends, freePort, Nginx, onRelease } from '../../../../testkit/servers/nginx';
import { Operations } from '../accepted/operations';

describe.each(ends)(onRelease, (release) => {
  let api: Operations;
  let nginx: Nginx;
  let elsewhere: number;

  beforeAll(async () => {
    elsewhere = await freePort();
    api = await Operations.start(release, () => ({
      http: `
        include offload/hop/http.conf;
        # for a signal of 4 KB
        proxy_buffer_size 16k;
        proxy_busy_buffers_size 24k;
        server {
            listen 127.0.0.1:${elsewhere};
            include offload/server.conf;
            set $offload_hop 1s;
            location / { proxy_pass http://app; include offload/proxy.conf; }
        }`,
      server: `
        include offload/hop/server.conf;
        set $offload_hop 1s;
        set $offload_max_interval 300ms;
        location /wrong/ { set $offload_hop 7x; proxy_pass http://app; include offload/proxy.conf; }`,
    }));
    nginx = api.nginx;
  });

  afterAll(() => api?.stop());

  /** Makes the app have a job. @returns its id */
  const job = (path = '/call'): string => {
    const id = api.id();
    api.script(`${path}-${id}`, {
      status: 418,
      headers: { 'X-OffloadToPoller-Url': '/poll', 'X-OffloadToPoller-Args': id },
    });
    api.script(`/poll/${id}/`, { status: 202 });
    return id;
  };
  const finish = (id: string) => api.script(`/poll/${id}/`, { body: `result of ${id}` });

  const lines = (text: string) =>
    nginx
      .errorLog()
      .split('\n')
      .filter((line) => line.includes(text));

  test('a signal too long for a URL: its client is held on, and has its result', async () => {
    const id = api.id();
    const path = `/call-${id.padEnd(1_500, 'x')}`;
    const args = id.padEnd(2_000, 'y');
    api.script(path, {
      status: 418,
      headers: {
        'X-OffloadToPoller-Url': '/poll',
        'X-OffloadToPoller-Args': args,
        'X-Offload-Cancel': `/jobs/${'z'.repeat(2_000)}`,
      },
    });
    api.script(`/poll/${args}/`, { status: 202 });
    const said = () => lines('is too long to wait on in another request').length;
    const answer = call(nginx.port, path);
    await until('the log says so', () => said() === 1);
    const polls = () => api.requests(`/poll/${args}/`).length;
    const before = polls();
    await until('it is polled still', () => polls() >= before + 3);
    api.script(`/poll/${args}/`, { body: `result of ${id}` });
    const { status, body, ms } = await answer;
    expect({ status, body }).toEqual({ status: 200, body: `result of ${id}` });
    expect(ms).toBeGreaterThan(1_000);
    expect(said()).toBe(1);
  });

  test('$offload_hop in a server without hop/server.conf: clients are held on, and the log says why', async () => {
    const id = job();
    const answer = call(elsewhere, `/call-${id}`);
    // biome-ignore format: the line as it is
    await until('the log says so', () => lines('$offload_hop is set in a server that does not include offload/hop/server.conf').length > 0);
    finish(id);
    expect(await answer).toMatchObject({ status: 200, body: `result of ${id}` });
  });

  test('without hop/http.conf $offload_hop is any variable, and the client is held on', async () => {
    const another = await Nginx.start(release, {
      appPort: api.app.port,
      server: 'set $offload_hop 1s;',
    });
    try {
      const id = job();
      const began = Date.now();
      const answer = call(another.port, `/call-${id}`);
      await until('a hop would be due', () => Date.now() - began > 1_200);
      finish(id);
      expect(await answer).toMatchObject({ status: 200, body: `result of ${id}` });
    } finally {
      await another.stop();
    }
  });

  test('$offload_hop 7x is off, and the log says so', async () => {
    const id = job('/wrong/call');
    const answer = call(nginx.port, `/wrong/call-${id}`);
    await until(
      'the log says so',
      () => lines('$offload_hop is "7x", which is no time in its range: it is off').length > 0,
    );
    const began = Date.now();
    await until('a hop would be due', () => Date.now() - began > 1_200);
    finish(id);
    expect(await answer).toMatchObject({ status: 200, body: `result of ${id}` });
  });
});
