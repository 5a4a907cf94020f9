import { countPolls } from '../../../src/wait/count';

test.each([
  ['418 : 503, 503, 200', 2],
  ['418 : 503, 503, -', 2],
  ['502, 418 : 503, 503', 1],
  ['418 : 503, 503 : 503', 2],
  ['418 : 503', 0],
  ['418', 0],
  ['', 0],
])('attempts after the first one are polls: %j', (upstreamStatus, polls) => {
  expect(countPolls(upstreamStatus, false, false)).toBe(polls);
});

test('an attempt that finds the timeout passed is no poll', () => {
  expect(countPolls('418 : 503, 503, 503, 504', true, false)).toBe(2);
});

test('a cancel is no poll', () => {
  expect(countPolls('418 : 503, 503, - : 499', false, true)).toBe(2);
});
