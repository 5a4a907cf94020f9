import fc from 'fast-check';
import { readDuration } from '../../../src/shared/duration';
import { hostileSetting, hostileText, manyTimes } from './hostile';

const units = { w: 604_800_000, d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000, ms: 1 };

test('any text is a duration of 0 or more, or not a duration', () => {
  fc.assert(
    fc.property(fc.oneof(hostileSetting, hostileText), (text) => {
      const ms = readDuration(text);
      return ms === undefined || (Number.isSafeInteger(ms) && ms >= 0);
    }),
    manyTimes,
  );
});

test('only digits, units and single spaces are a duration', () => {
  fc.assert(
    fc.property(hostileSetting, (text) => {
      const isDuration = /^(\d+(ms ?|[smhdw] ?| ))*\d+(ms|[smhdw]|)$/.test(text);
      return readDuration(text) === undefined || isDuration;
    }),
    manyTimes,
  );
});

test('a duration is the sum of its parts, with or without spaces', () => {
  const part = fc.record({
    value: fc.nat({ max: 200 }),
    unit: fc.constantFrom(...(Object.keys(units) as (keyof typeof units)[])),
    space: fc.constantFrom('', ' '),
  });
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 6 }), (parts) => {
      const text = parts.map(({ value, unit, space }) => `${value}${unit}${space}`).join('');
      const sum = parts.reduce((ms, { value, unit }) => ms + value * units[unit], 0);
      expect(readDuration(text.trimEnd())).toBe(sum);
    }),
    manyTimes,
  );
});
