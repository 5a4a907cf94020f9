/**
 * What each way of waiting has to do: results, ends without a result, clients that leave, reload, quit and faults. Another
 * way is a row of test/integration/offload/held/ways.ts.
 */

import { type Result, SignallingApp } from '../../../../testkit/apps/signalling';
import { type Answer, call, disconnects } from '../../../../testkit/clients/client';
import { type RawAnswer, rawCall } from '../../../../testkit/clients/raw';
import { until } from '../../../../testkit/clients/until';
import { jobsLocation, type Parts } from '../../../../testkit/servers/configuration';
import { answers, ends, freePort, Nginx, onRelease } from '../../../../testkit/servers/nginx';
import { ways } from './ways';

const HELD = 50;
const PROCESSES = 2;
/** Of one address, in each worker process. */
const LIMIT = 4;

const app = new SignallingApp();

const EVERY_BYTE = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
const TEXT = { 'Content-Type': 'text/plain' };

const resultOf = (id: string): Result => ({
  status: 200,
  headers: TEXT,
  body: Buffer.from(`result of ${id}`),
});

const results: Result[] = [
  {
    status: 201,
    headers: { 'Content-Type': 'image/png', 'Set-Cookie': ['a=1', 'b=2'], 'X-A': 'b, c' },
    body: EVERY_BYTE,
  },
  { status: 500, headers: TEXT, body: Buffer.from('broken') },
  // a long header
  { status: 200, headers: { ...TEXT, 'X-Long': 'x'.repeat(12_000) }, body: EVERY_BYTE },
  // a large body
  { status: 200, headers: TEXT, body: Buffer.alloc(2_000_000, EVERY_BYTE) },
];

/** All of a response that the result decides. */
function expectResult(answer: RawAnswer, { status, headers, body }: Result): void {
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    [value].flat().map((each) => `${name}: ${each}`),
  );
  expect({ ...answer, lines: answer.lines.toSorted(), body: answer.body.length }).toEqual({
    status,
    lines: [...lines, `Content-Length: ${body.length}`].toSorted(),
    body: body.length,
    end: 'length',
  });
  expect(answer.body.equals(body)).toBe(true);
}

describe.each(ways(app))('$name', (way) => {
  let parts: Partial<Parts>;

  beforeAll(async () => {
    await app.start();
    parts = await way.start();
  });

  afterAll(async () => {
    await way.stop();
    await app.stop();
  });

  describe.each(ends)(onRelease, (release) => {
    let nginx: Nginx;
    let http2Port: number;
    /** Jobs that must be cancelled, once; no others may be. */
    const cancelled: string[] = [];
    let last = 0;

    beforeAll(async () => {
      http2Port = await freePort();
      app.cancelled.length = 0;
      nginx = await Nginx.start(release, {
        ...parts,
        appPort: app.port,
        workerProcesses: PROCESSES,
        limits: [1_000, LIMIT],
        waiter: `${jobsLocation} ${parts.waiter ?? ''}`,
        server: `
          listen 127.0.0.1:${http2Port} http2;
          ${parts.server ?? ''}
          error_page 504 /late.html;
          location = /late.html { return 200 "late"; }
          location /1s/ {
              set $offload_timeout 1s;
              proxy_pass http://app;
              include offload/proxy.conf;
          }
          location /8s/ {
              set $offload_timeout 8s;
              proxy_pass http://app;
              include offload/proxy.conf;
          }`,
      });
    });

    afterAll(() => nginx?.stop());

    const newIds = (count: number) =>
      Array.from({ length: count }, () => `${release.release}-${release.engine}-${++last}`);
    const newId = () => newIds(1)[0] as string;
    const jobOf = (id: string) => `/jobs/${id}`;
    const queryOf = (id: string) => `?${way.signal(id)}&X-Offload-Cancel=${jobOf(id)}`;
    const waiting = (count: number) =>
      until(`${count} are waited for`, async () => (await way.waiting()) === count);
    const allCancelled = async (ids: string[]) => {
      cancelled.push(...ids.map(jobOf));
      await until('the jobs are cancelled', () =>
        ids.every((id) => app.cancelled.includes(jobOf(id))),
      );
    };

    /** Each from an address of its own. @param beside so many that are held already */
    const hold = async (ids: string[], location = '/', beside = 0) => {
      const clients = ids.map((id, i) =>
        call(nginx.port, location + queryOf(id), { localAddress: `127.0.1.${i + 1}` }),
      );
      await waiting(beside + ids.length);
      return clients;
    };
    const storeAll = async (ids: string[]) => {
      for (const id of ids) {
        await way.store(id, resultOf(id));
      }
    };
    const isResult = ({ status, body }: Answer, id: string | undefined) =>
      status === 200 && body === `result of ${id}`;
    const expectResults = async (clients: Promise<Answer>[], ids: string[]) => {
      const all = await Promise.all(clients);
      expect(all.filter((answer, i) => !isResult(answer, ids[i]))).toEqual([]);
    };

    test('results are answered byte for byte, after a wait and without one', async () => {
      const ids = newIds(results.length);
      const callAll = () => ids.map((id) => rawCall(nginx.port, `/${queryOf(id)}`));
      const waited = callAll();
      await waiting(results.length);
      await Promise.all(results.map((result, i) => way.store(ids[i] as string, result)));
      const there = await Promise.all([...(await Promise.all(waited)), ...callAll()]);
      there.forEach((answer, i) => {
        expectResult(answer, results[i % results.length] as Result);
      });
    });

    test('after its timeout the client gets a 504 and the error_page, and the job is cancelled', async () => {
      const id = newId();
      const answer = await call(nginx.port, `/1s/${queryOf(id)}`);
      expect(answer).toMatchObject({ status: 504, body: 'late' });
      expect(answer.ms).toBeGreaterThan(900);
      expect(answer.ms).toBeLessThan(3_000);
      expect(nginx.errorLog()).toMatch(
        new RegExp(`offload: no result of "${way.nameOf(id)}" in .*; the client gets a 504`),
      );
      await allCancelled([id]);
      await waiting(0);
    });

    test('a signal that can not be used is a 502, and the log says why', async () => {
      const { signal, reason } = way.refused;
      const id = newId();
      const { status } = await call(nginx.port, `/?${signal}&X-Offload-Cancel=${jobOf(id)}`);
      expect(status).toBe(502);
      expect(nginx.errorLog()).toContain(`offload: ${reason}`);
      await allCancelled([id]);
    });

    test('for a client that leaves, the wait ends, and the job is cancelled', async () => {
      const logged = nginx.errorLog().length;
      const ids = newIds(disconnects.length);
      const clients = disconnects.map(({ name, open }, i) =>
        open(name === 'HTTP/2' ? http2Port : nginx.port, `/${queryOf(ids[i] as string)}`),
      );
      await waiting(ids.length);
      disconnects.forEach(({ how }, i) => {
        clients[i]?.disconnect(how);
      });
      await allCancelled(ids);
      await waiting(0);
      // of timers that were left
      expect(nginx.errorLog().slice(logged)).not.toContain('pending events');
    });

    test('past the limit of an address: a 503 with Retry-After, and the job is cancelled', async () => {
      const ids = newIds(PROCESSES * LIMIT + 1);
      const rejected: string[] = [];
      const clients = ids.map(async (id) => {
        const answer = await call(nginx.port, `/${queryOf(id)}`);
        if (answer.status === 503 && answer.headers['retry-after'] === '10') {
          rejected.push(id);
        }
        return answer;
      });
      await until(
        'each is held or rejected, and one rejected',
        async () => rejected.length > 0 && (await way.waiting()) + rejected.length === ids.length,
      );
      await allCancelled(rejected);
      await storeAll(ids);
      const all = await Promise.all(clients);
      expect(ids.filter((id, i) => !isResult(all[i] as Answer, id)).toSorted()).toEqual(
        rejected.toSorted(),
      );
    });

    test.each(Object.entries(way.faults))(
      `${HELD} held clients do not notice that %s`,
      async (_, happen) => {
        const refusals = () => nginx.errorLog().split('(111: Connection refused)').length;
        const before = refusals();
        const ids = newIds(HELD);
        const clients = await hold(ids);
        await happen(nginx, () => until('nginx is refused', () => refusals() > before));
        // some results come before nginx is back
        await storeAll(ids.slice(0, HELD / 2));
        await waiting(HELD / 2);
        await storeAll(ids.slice(HELD / 2));
        await expectResults(clients, ids);
      },
    );

    test(`${HELD} held clients do not notice a reload, and others wait beside them`, async () => {
      const ids = newIds(HELD + 10);
      const clients = await hold(ids.slice(0, HELD));
      const before = nginx.workerPids();
      await nginx.run('nginx', '-s', 'reload');
      await until(
        'the new worker processes run',
        () => nginx.workerPids().filter((pid) => !before.includes(pid)).length === PROCESSES,
      );
      const others = await hold(ids.slice(HELD), '/', HELD);
      await storeAll(ids);
      await expectResults([...clients, ...others], ids);
    });

    test(`${HELD} held clients are answered in a quit`, async () => {
      const ids = newIds(HELD);
      const clients = await hold(ids, '/8s/');
      await nginx.run('nginx', '-s', 'quit');
      await until('nginx listens no more', async () => !(await answers(nginx.port)));
      await storeAll(ids);
      const all = await Promise.all(clients);
      const without = all.filter((answer, i) => !isResult(answer, ids[i]));
      expect(without).toEqual(
        without.map(() =>
          expect.objectContaining({
            status: 503,
            headers: expect.objectContaining({ 'retry-after': '10' }),
          }),
        ),
      );
      expect(without.length).toBeLessThanOrEqual(way.mostRejectedInQuit * HELD);
      await until('nginx has ended', () => !nginx.isRunning());
    });

    test('no other job was cancelled, and none twice', () => {
      expect(app.cancelled.toSorted()).toEqual(cancelled.toSorted());
    });
  });
});
