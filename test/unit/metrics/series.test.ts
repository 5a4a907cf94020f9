/** Keys of the shared dictionary. */

import { Kind } from '../../../src/metrics/families';
import {
  BUCKETS_MS,
  bucketIndex,
  bucketOf,
  classIn,
  keysOf,
  readableLabels,
} from '../../../src/metrics/series';

test.each([...BUCKETS_MS.entries()])('bucket %i ends at %i ms', (index, ms) => {
  expect(bucketIndex(bucketOf(ms))).toBe(index);
  expect(bucketIndex(bucketOf(ms + 1))).toBe(index + 1);
});

test('the buckets reach 300 s, as held requests do', () => {
  expect(BUCKETS_MS.at(-1)).toBe(300_000);
  expect(bucketIndex(bucketOf(1e9))).toBe(BUCKETS_MS.length);
});

test('a route that is no name is unreadable, its method and class stay', () => {
  expect(readableLabels('a.b-c_1 GET 2xx')).toBe('a.b-c_1 GET 2xx');
  for (const route of ['', 'a b', 'a"', 'a\nb', 'a\n', 'é', 'x'.repeat(65)]) {
    expect(readableLabels(`${route} GET 2xx`)).toBe('unreadable GET 2xx');
  }
  expect(classIn('a GET 2xx')).toBe('2xx');
});

test('a series has a key for each bucket from the start, and one for the detector if it is one of 2xx', () => {
  const times = [0, ...BUCKETS_MS.map((ms) => ms + 1)];
  const buckets = times.map((ms) => `${Kind.bucket}${bucketOf(ms)}a GET 5xx`);
  expect(keysOf('a GET 5xx')).toEqual(buckets);
  expect(keysOf('a GET 2xx')).toEqual([
    ...buckets.map((key) => key.replace('5xx', '2xx')),
    `${Kind.recent}a GET 2xx`,
  ]);
});
