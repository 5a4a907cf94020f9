import { pollsOf } from '../../../src/poll/count';

test.each([
  ['418 : 503, 503, 200', 2],
  ['418 : 503, 503, -', 2],
  ['502, 418 : 503, 503', 1],
  ['418 : 503, 503 : 503', 2],
  ['418 : 503', 0],
  ['418', 0],
  ['', 0],
])('the tries behind the first are polls: %j', (upstreamStatus, polls) => {
  expect(pollsOf(upstreamStatus, false, false)).toBe(polls);
});

test('the try that finds the deadline passed is no poll', () => {
  expect(pollsOf('418 : 503, 503, 503, 504', true, false)).toBe(2);
});

test('that the app was told is no poll', () => {
  expect(pollsOf('418 : 503, 503, - : 499', false, true)).toBe(2);
});
