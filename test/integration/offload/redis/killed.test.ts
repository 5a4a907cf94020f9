/** Redis is killed again and again under calls whose tasks store states and publish progress: no result is lost. */

import { SignallingApp } from '../../../../testkit/apps/signalling';
import { call } from '../../../../testkit/clients/client';
import { sleep, until } from '../../../../testkit/clients/until';
import { long } from '../../../../testkit/jest/long';
import { engines, Nginx, onRelease } from '../../../../testkit/servers/nginx';
import { Redis, storeCelery } from '../../../../testkit/servers/redis';

const KILLS = long(5, 3);
const CALLS = long(4_000, 600);
/** From one kill to the next, and how long Redis is away. */
const PERIOD_MS = long(5_000, 2_500);
const AWAY_MS = 1_000;
/** Of a task: some are interrupted each time. */
const LENGTHS_MS = [500, KILLS * PERIOD_MS] as const;

describe.each(engines)(onRelease, (release) => {
  const app = new SignallingApp();
  let redis: Redis;
  let nginx: Nginx;

  beforeAll(async () => {
    await app.start();
    redis = await Redis.start({ keepsData: true });
    nginx = await Nginx.start(release, {
      appPort: app.port,
      redisPort: redis.port,
      limits: [CALLS, CALLS],
      server: 'set $offload_timeout 120s;',
    });
  });

  afterAll(async () => {
    await nginx?.stop();
    await redis?.stop();
    await app.stop();
  });

  /** As Celery does, a worker stores a state again until Redis has it. */
  const store = async (id: string, status: string, result: string) => {
    for (;;) {
      try {
        await storeCelery(redis, id, status, result);
        return;
      } catch {
        await sleep(50);
      }
    }
  };
  const work = async (id: string, ms: number) => {
    const end = Date.now() + ms;
    await store(id, 'STARTED', '{"pid": 1, "hostname": "celery@worker"}');
    await sleep(ms / 4);
    await store(id, 'RETRY', '{"exc_type": "ConnectionError", "exc_message": ["again"]}');
    for (let percent = 50; Date.now() < end; percent++) {
      await store(id, 'PROGRESS', `{"percent": ${percent}}`);
      await sleep(250);
    }
    await store(id, 'SUCCESS', `"${id}"`);
  };

  test(
    `${KILLS} times, under ${CALLS} calls`,
    async () => {
      const wrong: string[] = [];
      const [shortest, longest] = LENGTHS_MS;
      const pause = (KILLS * PERIOD_MS) / CALLS;
      const one = async (id: string) => {
        const working = work(id, shortest + Math.random() * (longest - shortest));
        const answer = await call(nginx.port, `/?X-Offload-Celery=${id}`).catch((error) => ({
          status: 0,
          body: String(error),
          ms: 0,
        }));
        if (answer.status !== 200 || answer.body !== `"${id}"`) {
          wrong.push(`${id}: ${answer.status} ${answer.body} after ${answer.ms} ms`);
        }
        await working;
      };
      const killing = (async () => {
        for (let i = 0; i < KILLS; i++) {
          await sleep(PERIOD_MS - AWAY_MS);
          await redis.kill();
          await sleep(AWAY_MS);
          await redis.startAgain();
        }
      })();
      const calls: Promise<void>[] = [];
      for (let i = 0; i < CALLS; i++) {
        calls.push(one(`killed-${i}`));
        await sleep(pause);
      }
      await Promise.all(calls);
      await killing;
      expect(wrong).toEqual([]);
      await until('nobody waits any more', async () => (await redis.waiting()) === 0);
    },
    KILLS * PERIOD_MS + 150_000,
  );
});
