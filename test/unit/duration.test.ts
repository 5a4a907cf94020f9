import fc from 'fast-check';
import { isDigit, readDuration } from '../../src/decide/duration';

test.each([
  ['0', 0],
  ['60', 60_000],
  ['007', 7_000],
  ['250ms', 250],
  ['60s', 60_000],
  ['5m', 300_000],
  ['2h', 7_200_000],
  ['1d', 86_400_000],
  ['1h 30m', 5_400_000],
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
])('%j is no time', (text) => {
  expect(readDuration(text)).toBeUndefined();
});

test.each(['1000000000001', '1000000000001ms', `1s ${'9'.repeat(400)}s`, '9'.repeat(100_000)])(
  'a number beyond any deadline is no time (%#)',
  (text) => {
    expect(readDuration(text)).toBeUndefined();
  },
);

test.each([...'0123456789'])('%j is a digit', (text) => {
  expect(isDigit(text.charCodeAt(0))).toBe(true);
});

test.each(['/', ':', ' ', 'a', '٣', ''])('%j is no digit', (text) => {
  expect(isDigit(text.charCodeAt(0))).toBe(false);
});

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom(...'0123456789', ' ', 'm', 's', 'h', 'd', '-', '.') }),
);

test('any text is a time of 0 or more, or none', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const ms = readDuration(text);
      expect(ms === undefined || (Number.isFinite(ms) && ms >= 0)).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

const parts = fc.array(
  fc.record({
    value: fc.nat({ max: 1_000_000 }),
    unit: fc.constantFrom('ms', 's', 'm', 'h', 'd', ''),
  }),
  { minLength: 1, maxLength: 6 },
);

test('several times with a space between them add up', () => {
  fc.assert(
    fc.property(parts, (each) => {
      const texts = each.map(({ value, unit }) => `${value}${unit}`);
      const sum = texts.reduce((ms, text) => ms + (readDuration(text) ?? Number.NaN), 0);
      expect(readDuration(texts.join(' '))).toBe(sum);
    }),
  );
});
