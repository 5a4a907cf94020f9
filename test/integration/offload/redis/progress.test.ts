/** Tasks that publish states which are no results: progress of a task, STARTED, RETRY. */

import { SignallingApp } from '../../../../testkit/apps/signalling';
import { call } from '../../../../testkit/clients/client';
import { until } from '../../../../testkit/clients/until';
import { memoryOf } from '../../../../testkit/machines/processes';
import { jobsLocation } from '../../../../testkit/servers/configuration';
import { matrix, Nginx, onRelease, stable } from '../../../../testkit/servers/nginx';
import { celeryMeta, Redis, storeCelery } from '../../../../testkit/servers/redis';

const MB = 1024 * 1024;

const progress = (length: number) =>
  celeryMeta('a', 'PROGRESS', JSON.stringify({ text: 'x'.repeat(length) }));

describe.each(stable)(onRelease, (release) => {
  const app = new SignallingApp();
  let redis: Redis;
  let nginx: Nginx;
  let last = 0;

  beforeAll(async () => {
    await app.start();
    redis = await Redis.start();
    nginx = await Nginx.start(release, {
      appPort: app.port,
      redisPort: redis.port,
      workerProcesses: 1,
      limits: [1000, 1000],
      waiter: jobsLocation,
    });
  });

  afterAll(async () => {
    await nginx?.stop();
    await redis?.stop();
    await app.stop();
  });

  const newId = () => `talks-${++last}`;
  const waiting = async (count: number) =>
    until(`${count} wait on Redis`, async () => (await redis.waiting()) === count);
  /** Until nginx has got so many: between two attempts it gets none. */
  const publish = async (id: string, message: string, count: number) => {
    let got = 0;
    while (got < count) {
      const replies = await Promise.all(
        Array.from({ length: 20 }, () =>
          redis.command('PUBLISH', `celery-task-meta-${id}`, message),
        ),
      );
      got += replies.reduce<number>((sum, each) => sum + Number(each), 0);
    }
  };
  const memory = () => memoryOf(nginx.workerPids());

  test.each([
    ['200 bytes', progress(30)],
    ['3 KB', progress(3_000)],
    ['200 bytes that begin otherwise', `{"task_id": "a", "result": null, "status": "PROGRESS"}`],
  ])(
    'memory of a held client is flat over 20,000 messages of %s',
    async (_, message) => {
      const id = newId();
      const answer = call(nginx.port, `/?X-Offload-Celery=${id}`, { method: 'POST' });
      await waiting(1);
      await publish(id, message, 3_000);
      const before = memory();
      await publish(id, message, 17_000);
      // 290 MB of 200 bytes, before messages were passed over
      expect(memory() - before).toBeLessThan(3 * MB);
      await waiting(1);
      await storeCelery(redis, id, 'SUCCESS', '"done"');
      expect(await answer).toMatchObject({ status: 200, body: '"done"' });
    },
    60_000,
  );

  test('60 messages to each of 200 clients', async () => {
    const ids = Array.from({ length: 200 }, newId);
    const answers = ids.map((id) => call(nginx.port, `/?X-Offload-Celery=${id}`));
    await waiting(200);
    const before = memory();
    for (const id of ids) {
      await publish(id, progress(30), 60);
    }
    // 192 MB before
    expect(memory() - before).toBeLessThan(20 * MB);
    for (const id of ids) {
      await storeCelery(redis, id, 'SUCCESS', `"${id}"`);
    }
    expect((await Promise.all(answers)).map(({ body }) => body)).toEqual(
      ids.map((id) => `"${id}"`),
    );
  });

  test('a state of 3 MB, and messages of that length', async () => {
    const id = newId();
    await redis.command('SET', `celery-task-meta-${id}`, progress(3_000_000));
    const answer = call(nginx.port, `/?X-Offload-Celery=${id}`);
    await waiting(1);
    for (let i = 0; i < 5; i++) {
      await waiting(1);
      await redis.command('PUBLISH', `celery-task-meta-${id}`, progress(3_000_000));
    }
    await storeCelery(redis, id, 'SUCCESS', '1');
    expect(await answer).toMatchObject({ status: 200, body: '1' });
  });
});

describe('when all attempts are used up', () => {
  const app = new SignallingApp();
  let redis: Redis;
  let nginx: Nginx;
  let isOver = false;

  beforeAll(async () => {
    await app.start();
    redis = await Redis.start();
    nginx = await Nginx.start(matrix[0] as (typeof matrix)[0], {
      appPort: app.port,
      redisPort: redis.port,
      waiter: jobsLocation,
      edited: {
        'redis/internal/servers.conf':
          'server unix:/run/nginx-offload/redis.sock max_fails=0;\n'.repeat(2),
      },
    });
  });

  afterAll(async () => {
    await nginx?.stop();
    await redis?.stop();
    await app.stop();
  });

  const talk = async (id: string) => {
    isOver = false;
    while (!isOver) {
      await redis.command('PUBLISH', `celery-task-meta-${id}`, progress(30_000));
    }
  };

  test('the client gets a 503 with Retry-After, and the log says why', async () => {
    const answer = call(nginx.port, '/?X-Offload-Celery=a&X-Offload-Cancel=/jobs/a');
    const talking = talk('a');
    expect(await answer).toMatchObject({
      status: 503,
      headers: expect.objectContaining({ 'retry-after': '10' }),
    });
    isOver = true;
    await talking;
    expect(nginx.errorLog()).toMatch(
      /offload: no result of "a" in \S+ s on Redis: its task publishes too much; the client gets a 503/,
    );
    expect(app.cancelled).toEqual([]);
  });

  test('with a path to poll in the signal, the app is polled', async () => {
    app.results.set('b', 'polled\n');
    const answer = call(
      nginx.port,
      '/?X-Offload-Celery=b&X-OffloadToPoller-Url=/poll&X-OffloadToPoller-Args=b',
    );
    const talking = talk('b');
    expect(await answer).toMatchObject({ status: 200, body: 'polled\n' });
    isOver = true;
    await talking;
    expect(nginx.errorLog()).toContain('offload: "b" is polled: its task publishes too much');
  });
});
