import { isListed, readStatuses } from '../../../src/poll/statuses';

test.each([
  ['500', 500],
  ['500 520', 500],
  ['500 520', 520],
  [' 500  520 ', 520],
])('of %j, %d is listed', (text, status) => {
  expect(isListed(status, readStatuses(text) as string)).toBe(true);
});

test.each([
  ['', 500],
  ['500 520', 502],
  ['1500', 500],
  ['5000', 500],
])('of %j, %d is not', (text, status) => {
  expect(isListed(status, readStatuses(text) as string)).toBe(false);
});

test.each(['5xx', '500,520', '-1', '500\n'])('%j is no list', (text) => {
  expect(readStatuses(text)).toBeUndefined();
});
