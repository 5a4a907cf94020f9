/** The ways of waiting, a row for each, for the suite that each runs (test/integration/offload/held/ways.test.ts). */

import type { Result, SignallingApp } from '../../../../testkit/apps/signalling';
import type { Parts } from '../../../../testkit/servers/configuration';
import type { Nginx } from '../../../../testkit/servers/nginx';
import { Redis, storeCelery } from '../../../../testkit/servers/redis';

/** What the suite has to know of a way of waiting. */
export interface Way {
  name: string;
  /** Starts what it needs beside the app. @returns its parts of nginx.conf */
  start(): Promise<Partial<Parts>>;
  stop(): Promise<void>;
  /** Headers of the signal of a job, as a query. */
  signal(id: string): string;
  /** What the log calls that job. */
  nameOf(id: string): string;
  /** A signal that can't be used, and the log's reason. */
  refused: { signal: string; reason: string };
  /** What the app or its worker does when a job is done. */
  store(id: string, result: Result): Promise<unknown>;
  /** How many clients are waited for. */
  waiting(): Promise<number>;
  /** What may happen to it; each ends when all is there again. `missed`: nginx was refused a connection. */
  faults: Record<string, (nginx: Nginx, missed: () => Promise<void>) => Promise<void>>;
  /** Which share of the held clients may get a 503 with Retry-After in a quit. */
  mostRejectedInQuit: number;
}

/** From one poll to the next, at most; nobody is polled for if there is none for much longer. */
const POLLED_EVERY_MS = 300;
const NOT_POLLED_MS = 1_200;

const polling = (app: SignallingApp): Way => ({
  name: 'polling',
  start: async () => ({
    server: `set $offload_max_interval ${POLLED_EVERY_MS}ms;`,
    // for a long header of the app
    waiter: 'proxy_buffer_size 16k; proxy_busy_buffers_size 24k;',
  }),
  stop: async () => undefined,
  signal: (id) => `X-OffloadToPoller-Url=/poll&X-OffloadToPoller-Args=${id}`,
  nameOf: (id) => `/poll ${id}`,
  refused: {
    signal: 'X-OffloadToPoller-Url=/elsewhere',
    reason: '"/elsewhere/0" is not polled: it is served by no location',
  },
  store: async (id, result) => app.results.set(id, result),
  waiting: async () => app.waiting(NOT_POLLED_MS),
  faults: {
    'the waiter is away for a second': (nginx) =>
      nginx.run(
        ...['sh', '-ec'],
        'cd /run/nginx-offload; mv waiter.sock away; touch waiter.sock; sleep 1; mv away waiter.sock',
      ),
    'the app is stopped and started again': async (_, missed) => {
      await app.stop();
      await missed();
      await app.start();
    },
  },
  // those between two attempts: the more, the busier the CPU
  mostRejectedInQuit: 0.5,
});

/** @param store as the worker of that header's name does */
function onRedis(
  name: string,
  header: string,
  store: (redis: Redis, id: string, result: Result) => Promise<unknown>,
): Way {
  let redis: Redis;
  return {
    name,
    start: async () => {
      redis = await Redis.start();
      return { redisPort: redis.port };
    },
    stop: () => redis.stop(),
    signal: (id) => `${header}=${id}`,
    nameOf: (id) => id,
    refused: { signal: `${header}=a%20b`, reason: '"a b" has no result: it has a character' },
    store: (id, result) => store(redis, id, result),
    waiting: () => redis.waiting(),
    faults: {
      'Redis is killed and started again': async (_, missed) => {
        await redis.kill();
        await missed();
        await redis.startAgain();
      },
    },
    mostRejectedInQuit: 0,
  };
}

/** A response that a task describes: bytes as kombu writes them. */
const described = ({ status, headers, body }: Result) =>
  JSON.stringify({
    status,
    headers,
    body: { __type__: 'base64', __value__: body.toString('base64') },
  });

/** The app is that of all of them. */
export const ways = (app: SignallingApp): Way[] => [
  polling(app),
  onRedis('Celery on Redis', 'X-Offload-Celery', (redis, id, result) =>
    storeCelery(redis, id, 'SUCCESS', described(result)),
  ),
  onRedis('a stream on Redis', 'X-Offload-Stream', (redis, id, { status, headers, body }) =>
    redis.command(
      ...['XADD', `offload:${id}`, '*', 'status', String(status)],
      ...['headers', JSON.stringify(headers), 'body', body],
    ),
  ),
];
