/** Many clients over hops, and machines that go: none is lost, and the app is polled as it is without. */

import { mean } from 'simple-statistics';
import { App } from '../../../../testkit/apps/app';
import { call } from '../../../../testkit/clients/client';
import { follow } from '../../../../testkit/clients/follow';
import { sleep, until } from '../../../../testkit/clients/until';
import { isLong, long } from '../../../../testkit/jest/long';
import type { Parts } from '../../../../testkit/servers/configuration';
import {
  engines,
  matrix,
  Nginx,
  onRelease,
  type Release,
  stable,
} from '../../../../testkit/servers/nginx';
import { json, Operations } from '../accepted/operations';

const parts = (settings: string): Partial<Parts> => ({
  http: 'include offload/hop/http.conf;',
  server: `include offload/hop/server.conf; ${settings}`,
  limits: [1300, 1300],
});

const CROWD = long(1_000, 200);
const HOP_S = long(5, 2);
const LEAVING = long(500, 200);

/** Each release, and the one that a client comes to: a newer one, and an older one. */
const neighbours = matrix.map((from, at) => ({
  from,
  to: matrix[(at + 1) % matrix.length] as Release,
  name: [from, matrix[(at + 1) % matrix.length] as Release]
    .map(({ release, engine }) => `${release} (${engine})`)
    .join(' to '),
}));

describe('machines of different releases', () => {
  const app = new App();

  beforeAll(() => app.start());
  afterAll(() => app.stop());

  test.each(neighbours)(
    '$name: the first one is killed between two hops, and no client is lost',
    async ({ from, to, name }) => {
      const settings = { appPort: app.port, ...parts('set $offload_hop 1s;') };
      const [first, second] = await Promise.all([
        Nginx.start(from, settings),
        Nginx.start(to, settings),
      ]);
      try {
        const tags = Array.from({ length: 20 }, (_, at) => `${name} ${at}`);
        const sent = await Promise.all(
          tags.map((tag) =>
            call(first.port, `/job?length=4000&tag=${encodeURIComponent(tag)}`, { method: 'POST' }),
          ),
        );
        expect(new Set(sent.map(({ status }) => status))).toEqual(new Set([303]));
        first.kill();
        const answers = await Promise.all(
          sent.map(({ headers }) => follow(() => second.port, headers.location ?? '')),
        );
        expect(answers.map(({ body }) => body)).toEqual(
          tags.map((tag) => `result of job ${app.jobs.tagged(tag)?.id}\n`),
        );
        expect(Math.min(...answers.map(({ locations }) => locations.length))).toBeGreaterThan(0);
        expect(second.severeErrors()).toEqual([]);
      } finally {
        await Promise.all([first.stop(), second.stop()]);
      }
    },
  );
});

describe.each(isLong ? engines : stable)(onRelease, (release) => {
  const app = new App();
  let tags = 0;

  beforeAll(() => app.start());
  afterAll(() => app.stop());

  /** Clients that come within half a second. @returns what each has, and the polls of its job */
  const crowd = (count: number, portOf: (hops: number) => number, path: string) =>
    Promise.all(
      Array.from({ length: count }, async () => {
        const tag = String(++tags);
        await sleep(Math.random() * 500);
        const answer = await follow(portOf, `${path}&tag=${tag}`, { method: 'POST' });
        const job = app.jobs.tagged(tag);
        return {
          isRight: answer.status === 200 && answer.body === `result of job ${job?.id}\n`,
          status: answer.status,
          hops: answer.locations.length,
          polls: job?.polls.length ?? 0,
        };
      }),
    );

  test(`${CROWD} held over three hops: none is lost, and a job has about as many polls as without`, async () => {
    const plan = parts('');
    const nginx = await Nginx.start(release, {
      ...plan,
      appPort: app.port,
      isLearned: true,
      http: `${plan.http} map "" $offload_route { default slow; }`,
      server: `${plan.server}
        location /hop/ {
            set $offload_hop ${HOP_S}s;
            proxy_pass http://app/;
            include offload/proxy.conf;
        }`,
    });
    try {
      const path = `job?length=${HOP_S * 3_400}`;
      await crowd(CROWD / 2, () => nginx.port, `/${path}`);
      const without = await crowd(CROWD, () => nginx.port, `/${path}`);
      const over = await crowd(CROWD, () => nginx.port, `/hop/${path}`);
      for (const each of [without, over]) {
        expect(each.filter(({ isRight }) => !isRight)).toEqual([]);
      }
      expect(Math.max(...without.map(({ hops }) => hops))).toBe(0);
      expect(Math.min(...over.map(({ hops }) => hops))).toBeGreaterThanOrEqual(3);
      const polls = [without, over].map((each) => mean(each.map((one) => one.polls)));
      console.log(`polls a job without and with the hop: ${polls.map((each) => each.toFixed(2))}`);
      expect(polls[1]).toBeLessThanOrEqual((polls[0] as number) + 1);
      expect(nginx.severeErrors()).toEqual([]);
    } finally {
      await nginx.stop();
    }
  }, 180_000);

  test(`a quit sends ${LEAVING} held clients on at once, although their pauses are long`, async () => {
    const settings = {
      appPort: app.port,
      ...parts('set $offload_hop 5m; set $offload_interval 6s; set $offload_max_interval 6s;'),
    };
    const [leaving, staying] = await Promise.all([
      Nginx.start(release, settings),
      Nginx.start(release, settings),
    ]);
    try {
      const own = Array.from({ length: LEAVING }, () => String(++tags));
      const answers = own.map(async (tag) => {
        const answer = await call(leaving.port, `/job?length=${long(20_000, 10_000)}&tag=${tag}`, {
          method: 'POST',
        });
        return { ...answer, at: Date.now() };
      });
      // another poll is due after 6 s, or somewhat less
      await until('each job was polled once', () =>
        own.every((tag) => (app.jobs.tagged(tag)?.polls.length ?? 0) > 0),
      );
      const quit = Date.now();
      await leaving.run('nginx', '-s', 'quit');
      const sent = await Promise.all(answers);
      const took = (Math.max(...sent.map(({ at }) => at)) - quit) / 1000;
      console.log(`all of ${LEAVING} were sent on ${took} s after the quit`);
      expect(new Set(sent.map(({ status }) => status))).toEqual(new Set([303]));
      expect(took).toBeLessThan(5);
      const ended = await Promise.all(
        sent.map(({ headers }) => follow(() => staying.port, headers.location ?? '')),
      );
      expect(ended.map(({ body }) => body)).toEqual(
        own.map((tag) => `result of job ${app.jobs.tagged(tag)?.id}\n`),
      );
      expect([...leaving.severeErrors(), ...staying.severeErrors()]).toEqual([]);
    } finally {
      await Promise.all([leaving.stop(), staying.stop()]);
    }
  }, 90_000);

  test('a Retry-After holds over hops', async () => {
    const nginx = await Nginx.start(release, {
      appPort: app.port,
      ...parts('set $offload_hop 2s;'),
    });
    try {
      const tag = String(++tags);
      const path = `/job?length=6000&pending=202&retry_after=6&tag=${tag}`;
      const answer = await follow(() => nginx.port, path);
      const job = app.jobs.tagged(tag);
      expect(answer).toMatchObject({ status: 200, body: `result of job ${job?.id}\n` });
      expect(answer.locations.length).toBeGreaterThanOrEqual(2);
      expect(job?.polls.length).toBe(2);
      const [first = 0, second = 0] = job?.polls ?? [];
      expect(second - first).toBeGreaterThan(0.9 * 6_000);
    } finally {
      await nginx.stop();
    }
  });
});

describe.each(isLong ? engines : stable)(`operations, ${onRelease}`, (release) => {
  let api: Operations;

  beforeAll(async () => {
    api = await Operations.start(release, () => ({
      ...parts('set $offload_hop 1s;'),
      server: `${parts('set $offload_hop 1s;').server}
        location /api/ { include offload/accepted.conf; }
        location /short/ {
            set $offload_timeout 2500ms;
            set $offload_continue on;
            include offload/accepted.conf;
        }`,
      waiter: ['api', 'short']
        .map(
          (each) => `location /${each}/ { proxy_pass http://app; include offload/operation.conf; }`,
        )
        .join('\n'),
    }));
  });

  afterAll(() => api?.stop());

  test.each(['GET', 'POST'])('a %s of one is sent on, and has its result', async (method) => {
    const id = api.id();
    api.script(`/api/new-${id}`, { status: 202, headers: { Location: `op-${id}` } });
    api.script(`/api/op-${id}`, { status: 202 });
    let hops = 0;
    const answer = follow(
      (at) => {
        hops = at;
        return api.nginx.port;
      },
      `/api/new-${id}`,
      { method },
    );
    await until('three hops', () => hops === 3);
    api.script(`/api/op-${id}`, json({ done: id }));
    const { status, body, locations } = await answer;
    expect({ status, body }).toEqual({ status: 200, body: JSON.stringify({ done: id }) });
    expect(new Set(locations.map((each) => each.split('=')[0]))).toEqual(
      new Set([`/api/new-${id}?offload_continue`]),
    );
    expect(api.seen(`new-${id}`)).toEqual([`${method} /api/new-${id}`]);
  });

  test('at the timeout, behind hops, the operation is the Location', async () => {
    const id = api.id();
    api.script(`/short/new-${id}`, { status: 202, headers: { Location: `op-${id}` } });
    api.script(`/short/op-${id}`, { status: 202, body: `${id} is running` });
    const answer = await follow(() => api.nginx.port, `/short/new-${id}`, { method: 'POST' });
    expect(answer.locations.length).toBeGreaterThanOrEqual(2);
    expect(answer).toMatchObject({
      status: 202,
      headers: { location: `/short/op-${id}` },
      body: `${id} is running`,
    });
    expect(api.seen('').filter((each) => each.startsWith('DELETE'))).toEqual([]);
  });
});
