import { countPolls } from '../../../../src/offload/held/count';

test.each([
  ['418 : 503, 503, 200', 2],
  ['418 : 503, 503, -', 2],
  ['502, 418 : 503, 503', 1],
  ['418 : 503, 503 : 503', 2],
  ['418 : 503', 0],
  ['418', 0],
  ['', 0],
])('attempts after the first one are polls: %j', (upstreamStatus, polls) => {
  expect(countPolls(upstreamStatus, 1, false, false)).toBe(polls);
});

test('an attempt that finds the timeout passed is no poll', () => {
  expect(countPolls('418 : 503, 503, 503, 504', 1, true, false)).toBe(2);
});

test('a cancel is no poll', () => {
  expect(countPolls('418 : 503, 503, - : 499', 1, false, true)).toBe(2);
});

test('attempts to wait on Redis, before the app was polled instead, are no polls', () => {
  expect(countPolls('418 : 502 : 503, 503, 200', 2, false, false)).toBe(2);
});
