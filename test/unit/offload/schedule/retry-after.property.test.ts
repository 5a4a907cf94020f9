import fc from 'fast-check';
import { readRetryAfter } from '../../../../src/offload/schedule/retry-after';
import { hostileDate, hostileNumber, hostileText, manyTimes } from '../../shared/hostile';

const day = 86_400_000;
const clock = fc.oneof(
  fc.date({ noInvalidDate: true }).map((date) => date.getTime()),
  fc.constantFrom(0, -1, 8.64e15, -8.64e15, Number.MAX_VALUE),
);

test('any Retry-After at any time is 0 ms to a day, or says nothing', () => {
  fc.assert(
    fc.property(fc.oneof(hostileDate, hostileNumber, hostileText), clock, (header, now) => {
      const ms = readRetryAfter(header, now);
      return ms === undefined || (ms >= 0 && ms <= day);
    }),
    manyTimes,
  );
});

test('seconds are these, whatever the clock says, and what is longer than a day is a day', () => {
  fc.assert(
    fc.property(fc.nat(), clock, (seconds, now) => {
      expect(readRetryAfter(String(seconds), now)).toBe(Math.min(seconds * 1_000, day));
    }),
    manyTimes,
  );
});

test('a date is as far ahead as it is, at most a day, and now where it lies behind', () => {
  // before the year 1000, parsers take the digits for something else
  const second = fc.integer({ min: -30_610_224_000, max: 253_402_300_799 });
  const ahead = fc.oneof(fc.integer({ min: -2 * day, max: 2 * day }), fc.integer());
  fc.assert(
    fc.property(second, ahead, (at, ms) => {
      const header = new Date(at * 1_000).toUTCString();
      expect(readRetryAfter(header, at * 1_000 - ms)).toBe(Math.min(Math.max(ms, 0), day));
    }),
    manyTimes,
  );
});
