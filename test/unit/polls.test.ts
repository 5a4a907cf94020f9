import fc from 'fast-check';
import { pollsOf } from '../../src/decide/polls';

test.each([
  ['418 : 200', '1', 1],
  ['418 : 503, 503, 200', '2', 2],
  ['418 : 503, 503, 504', '0', 0],
  ['418 : 503, 200', '17', 17],
  ['', '3', 3],
])('of %j the count of the waiter is taken: %j', (upstreamStatus, counted, polls) => {
  expect(pollsOf(upstreamStatus, counted)).toBe(polls);
});

test.each([
  ['418 : 503, 503, 503', 2],
  ['418 : 503, 503, -', 2],
  ['502, 418 : 503, 503', 1],
  ['418 : 503, 503 : 503', 2],
  ['418 : 503', 0],
  ['418', 0],
  ['', 0],
])('of a client that left, the tries behind the first count: %j', (upstreamStatus, polls) => {
  expect(pollsOf(upstreamStatus, '')).toBe(polls);
});

test.each(['x', '-1', '1.5', '1 ', '0x1'])('%j is no count of the waiter', (counted) => {
  expect(pollsOf('418 : 503, 503, 503', counted)).toBe(2);
});

test('whatever nginx says, polls are a number of 0 or more', () => {
  fc.assert(
    fc.property(fc.string(), fc.oneof(fc.string(), fc.nat().map(String)), (status, counted) => {
      expect(pollsOf(status, counted)).toBeGreaterThanOrEqual(0);
    }),
  );
});

test('of n tries n - 1 are polls', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 512 }), (tries) => {
      const statuses = new Array<string>(tries).fill('503').join(', ');
      expect(pollsOf(`418 : ${statuses}`, '')).toBe(tries - 1);
    }),
  );
});
