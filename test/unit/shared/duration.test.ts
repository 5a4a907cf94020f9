import { isDigit, readDuration } from '../../../src/shared/duration';

test.each([
  ['0', 0],
  ['60', 60_000],
  ['007', 7_000],
  ['250ms', 250],
  ['60s', 60_000],
  ['5m', 300_000],
  ['2h', 7_200_000],
  ['1d', 86_400_000],
  ['3w', 1_814_400_000],
  ['1h 30m', 5_400_000],
  ['1h30m', 5_400_000],
  ['1h30', 3_630_000],
  ['1m500ms', 60_500],
  ['1m 30', 90_000],
  ['1d 1h 1m 1s 1ms', 90_061_001],
])('%j is %d ms', (text, ms) => {
  expect(readDuration(text)).toBe(ms);
});

test.each([
  '',
  ' ',
  ' 1s',
  '1s ',
  '1h  30m',
  '1h\t30m',
  '1.5s',
  '-1s',
  '+1s',
  '1e3',
  '0x10',
  'ms',
  's1',
  '1 s',
  '1S',
  '1H',
  '1sec',
  '1s,',
  '1s\n',
  '१s',
  'soon',
  'NaN',
  'Infinity',
])('%j is not a duration', (text) => {
  expect(readDuration(text)).toBeUndefined();
});

test.each(['1000000000001', '1000000000001ms', `1s ${'9'.repeat(400)}s`, '9'.repeat(100_000)])(
  'a number that is too large is not a duration (%#)',
  (text) => {
    expect(readDuration(text)).toBeUndefined();
  },
);

test.each([...'0123456789'])('%j is a digit', (text) => {
  expect(isDigit(text.charCodeAt(0))).toBe(true);
});

test.each(['/', ':', ' ', 'a', '٣', ''])('%j is not a digit', (text) => {
  expect(isDigit(text.charCodeAt(0))).toBe(false);
});

test('the longest time that is read is 10^12 ms', () => {
  expect(readDuration('1000000000')).toBe(1e12);
  expect(readDuration('1000000000 1ms')).toBeUndefined();
});
