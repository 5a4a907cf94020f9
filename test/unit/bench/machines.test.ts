import { capacity } from '../../../bench/machines/model';

const one = { pollingBytes: 40_000, redisBytes: 50_000, polls: 0.2, bytesAtRedis: 15_000 };

test('a machine more than the clients need is planned, and its loss costs its share of them', () => {
  expect(capacity(10_000, one, 30, 6)).toMatchObject({ machines: 2, lost: 5000 });
  expect(capacity(10_001, one, 30, 6)).toMatchObject({ machines: 3, lost: 3334 });
});

test('polls and memory grow with the clients, commands at Redis with the jobs', () => {
  const { polling, redis } = capacity(30_000, one, 30, 6);
  expect(polling).toEqual({ bytes: 1.2e9, connections: 90_000, pollsPerSecond: 6000 });
  expect(redis).toMatchObject({ bytes: 1.5e9, connections: 120_000, clients: 30_000 });
  expect(redis).toMatchObject({ streamCommandsPerSecond: 4000, celeryCommandsPerSecond: 5000 });
});

test("in a cluster, each of Celery's messages goes to all other nodes", () => {
  expect(capacity(30_000, one, 30, 6).redis.clusterMessagesPerSecond).toBe(5000);
  expect(capacity(30_000, one, 30, 1).redis.clusterMessagesPerSecond).toBe(0);
});
