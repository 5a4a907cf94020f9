/** The hop, in each way of waiting: a client that is sent on in time has its result from the nginx that it comes to. */

import { SignallingApp } from '../../../../testkit/apps/signalling';
import { call } from '../../../../testkit/clients/client';
import { follow } from '../../../../testkit/clients/follow';
import { until } from '../../../../testkit/clients/until';
import { jobsLocation, type Parts } from '../../../../testkit/servers/configuration';
import { Nginx, onRelease, type Release, stable } from '../../../../testkit/servers/nginx';
import { ways } from '../held/ways';

const app = new SignallingApp();

const HOP_MS = 1_000;
const parts: Partial<Parts> = {
  http: 'include offload/hop/http.conf;',
  server: `
    include offload/hop/server.conf;
    set $offload_hop 1s;
    location /two/      { set $offload_most_hops 2; proxy_pass http://app; include offload/proxy.conf; }
    location /continue/ { set $offload_hop ''; set $offload_timeout 1s; set $offload_continue on; proxy_pass http://app; include offload/proxy.conf; }
    location /long/     { set $offload_hop 5m; proxy_pass http://app; include offload/proxy.conf; }`,
};

describe.each(ways(app))('$name', (way) => {
  let ownParts: Partial<Parts>;

  beforeAll(async () => {
    await app.start();
    ownParts = await way.start();
  });

  afterAll(async () => {
    await way.stop();
    await app.stop();
  });

  const start = (release: Release) =>
    Nginx.start(release, {
      ...parts,
      ...ownParts,
      server: `${ownParts.server ?? ''} ${parts.server}`,
      waiter: `${ownParts.waiter ?? ''} ${jobsLocation}`,
      appPort: app.port,
    });

  describe.each(stable)(onRelease, (release) => {
    let nginx: Nginx;
    let last = 0;
    const newId = () => `${release.release}-${release.engine}-${++last}`;
    const queryOf = (id: string) => `?${way.signal(id)}&X-Offload-Cancel=/jobs/${id}`;
    const result = (id: string) => ({
      status: 201,
      headers: { 'Content-Type': 'text/plain' },
      body: Buffer.from(`result of ${id}`),
    });

    beforeAll(async () => {
      nginx = await start(release);
    });

    afterAll(() => nginx?.stop());

    test.each([
      ['GET', false],
      ['POST', true],
    ])('a %s of three hops has the result (the method is kept: %p)', async (method, keeps) => {
      const id = newId();
      const began = Date.now();
      let hops = 0;
      const answer = follow(
        (at) => {
          hops = at;
          return nginx.port;
        },
        `/a/${queryOf(id)}`,
        { method },
        keeps,
      );
      await until('three hops', () => hops === 3);
      expect(Date.now() - began).toBeGreaterThan(2 * HOP_MS);
      await way.store(id, result(id));
      const { status, body, headers, locations } = await answer;
      expect({ status, body }).toEqual({ status: 201, body: `result of ${id}` });
      expect(headers['cache-control']).toBeUndefined();
      expect(new Set(locations).size).toBe(3);
      for (const location of locations) {
        expect(location).toMatch(/^\/a\/\?offload_continue=[\w-]+\.[\w-]{43}$/);
      }
    });

    test('a 303 comes before its time is over, and no cache keeps it', async () => {
      const answer = await call(nginx.port, `/a/${queryOf(newId())}`);
      expect(answer.status).toBe(303);
      expect(answer.ms).toBeLessThan(HOP_MS + 250);
      expect(answer.headers['cache-control']).toBe('no-store');
    });

    test('behind its last hop a wait ends as at the timeout', async () => {
      const id = newId();
      const answer = await follow(() => nginx.port, `/two/${queryOf(id)}`);
      expect([answer.status, answer.locations.length]).toEqual([504, 2]);
      await until('the job is cancelled', () => app.cancelled.includes(`/jobs/${id}`));
    });

    test('at the timeout a client may get a 202 to where it waits on', async () => {
      const id = newId();
      const first = await call(nginx.port, `/continue/${queryOf(id)}`, { method: 'POST' });
      expect(first).toMatchObject({ status: 202, body: '', headers: { 'retry-after': '10' } });
      const answer = call(nginx.port, first.headers.location ?? '');
      await way.store(id, result(id));
      expect(await answer).toMatchObject({ status: 201, body: `result of ${id}` });
      expect(app.cancelled).not.toContain(`/jobs/${id}`);
    });

    test('a client that leaves behind a hop has its job cancelled', async () => {
      const id = newId();
      const first = await call(nginx.port, `/a/${queryOf(id)}`);
      await expect(
        call(nginx.port, first.headers.location ?? '', { timeout: 300 }),
      ).rejects.toThrow('timeout');
      await until('the job is cancelled', () => app.cancelled.includes(`/jobs/${id}`));
    });

    test('in a quit each client is sent on at once, and has its result from another nginx', async () => {
      const [leaving, staying] = await Promise.all([start(release), start(release)]);
      try {
        const ids = Array.from({ length: 100 }, newId);
        const answers = ids.map((id) => call(leaving.port, `/long/${queryOf(id)}`));
        await until('all are waited for', async () => (await way.waiting()) >= ids.length);
        const began = Date.now();
        await leaving.run('nginx', '-s', 'quit');
        const sent = await Promise.all(answers);
        expect(new Set(sent.map(({ status }) => status))).toEqual(new Set([303]));
        // a pause of the backoff is longer by then
        expect(Date.now() - began).toBeLessThan(10_000);
        const later = sent.map(({ headers }) => call(staying.port, headers.location ?? ''));
        await Promise.all(ids.map((id) => way.store(id, result(id))));
        const bodies = (await Promise.all(later)).map(({ body }) => body);
        expect(bodies).toEqual(ids.map((id) => `result of ${id}`));
        // the next step of a pause: the socket is gone
        const others = leaving
          .severeErrors()
          .filter((line) => !line.includes('waiter.sock failed (2'));
        expect(others).toEqual([]);
      } finally {
        await Promise.all([leaving.stop(), staying.stop()]);
      }
    });
  });
});
