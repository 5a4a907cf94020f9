/** Held clients of operations: limits, reload, quit, many at once. */

import { call } from '../../../../testkit/clients/client';
import { until } from '../../../../testkit/clients/until';
import { ends, engines, onRelease } from '../../../../testkit/servers/nginx';
import { Operations } from './operations';

const parts = {
  server: `
    location /api/ { include offload/accepted.conf; }
    location /short/ { set $offload_timeout 2s; include offload/accepted.conf; }`,
  waiter: ['api', 'short']
    .map((each) => `location /${each}/ { proxy_pass http://app; include offload/operation.conf; }`)
    .join('\n'),
};

/** Starts operations that run until `finish`. */
async function hold(api: Operations, path: string, count: number) {
  const ids = Array.from({ length: count }, () => api.id());
  for (const id of ids) {
    api.script(`/${path}/new-${id}`, { status: 202, headers: { Location: `/${path}/op-${id}` } });
    api.script(`/${path}/op-${id}`, { status: 202, body: `${id} is running` });
  }
  const answers = ids.map((id) =>
    call(api.nginx.port, `/${path}/new-${id}`, { method: 'POST', body: 'x' }),
  );
  await until('all are polled', () => {
    const polled = new Set(api.app.seen.map(({ uri }) => uri));
    return ids.every((id) => polled.has(`/${path}/op-${id}`));
  });
  const finish = () => {
    for (const id of ids) {
      api.script(`/${path}/op-${id}`, { body: `result of ${id}` });
    }
  };
  return { ids, answers, finish };
}

describe.each(ends)(onRelease, (release) => {
  let api: Operations;

  afterEach(() => api?.stop());

  test('in a reload and in a quit each client has its result', async () => {
    api = await Operations.start(release, () => parts);
    const before = api.nginx.workerPids();
    const held = await hold(api, 'api', 20);
    await api.nginx.run('nginx', '-s', 'reload');
    await until('a new worker process', () =>
      api.nginx.workerPids().some((pid) => !before.includes(pid)),
    );
    const later = await hold(api, 'api', 20);
    await api.nginx.run('nginx', '-s', 'quit');
    held.finish();
    later.finish();
    const ids = [...held.ids, ...later.ids];
    const answers = await Promise.all([...held.answers, ...later.answers]);
    for (const [at, { status, headers, body }] of answers.entries()) {
      // between two attempts at that instant: where the result will be
      const isResult = status === 200 && body === `result of ${ids[at]}`;
      const isPlace = status === 202 && headers.location === `/api/op-${ids[at]}`;
      expect({ status, body, isRight: isResult || isPlace }).toMatchObject({ isRight: true });
    }
    expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThan(20);
    expect(api.seen('').filter((each) => each.startsWith('DELETE'))).toEqual([]);
  });

  test('past a limit a client has the 202 that says where its operation is', async () => {
    api = await Operations.start(release, () => ({
      ...parts,
      workerProcesses: 1,
      limits: [100, 2],
    }));
    const { answers, finish, ids } = await hold(api, 'api', 2);
    const id = api.id();
    api.script(`/api/new-${id}`, { status: 202, headers: { Location: `op-${id}` } });
    api.script(`/api/op-${id}`, { status: 202 });
    expect(await call(api.nginx.port, `/api/new-${id}`)).toMatchObject({
      status: 202,
      headers: { location: `/api/op-${id}`, 'retry-after': '10' },
    });
    expect(api.seen(`op-${id}`)).toEqual([]);
    finish();
    const bodies = (await Promise.all(answers)).map(({ body }) => body);
    expect(bodies).toEqual(ids.map((each) => `result of ${each}`));
  });
});

describe.each(engines)(onRelease, (release) => {
  test('at the timeout each of 1000 clients has the newest answer of its own operation', async () => {
    const api = await Operations.start(release, () => ({ ...parts, limits: [1300, 1300] }));
    try {
      const { ids, answers } = await hold(api, 'short', 1000);
      const ended = await Promise.all(answers);
      const wrong = ended.filter(
        ({ status, headers, body }, at) =>
          status !== 202 ||
          headers.location !== `/short/op-${ids[at]}` ||
          body !== `${ids[at]} is running`,
      );
      expect(wrong.map(({ status, body }) => [status, body])).toEqual([]);
    } finally {
      await api.stop();
    }
  });

  test('a learned route is polled at most 3 times a job', async () => {
    const api = await Operations.start(release, () => ({ ...parts, isLearned: true }));
    try {
      const polls: number[] = [];
      for (let round = 0; round < 8; round++) {
        const { ids, answers, finish } = await hold(api, 'api', 25);
        finish();
        await Promise.all(answers);
        polls.push(...ids.map((id) => api.seen(`/op-${id}`).length));
      }
      const last = polls.slice(-100);
      expect(last.reduce((sum, each) => sum + each, 0) / last.length).toBeLessThanOrEqual(3);
    } finally {
      await api.stop();
    }
  });
});
