import fc from 'fast-check';
import { GRID_POINTS, nextAttempt, placeInBackoff } from '../../../../src/offload/schedule/backoff';
import { manyTimes } from '../../shared/hostile';
import { anySettings, anySpread } from './any-settings';

/** A time as a share of the deadline, also past it. */
const share = fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1.2, noNaN: true }));

test('at any time the next try lies ahead and not past the deadline, and the polls are bounded', () => {
  fc.assert(
    fc.property(anySettings, anySpread, share, (its, itsSpread, at) => {
      const waited = at * its.timeout;
      const { state, number, next } = placeInBackoff(its, waited, itsSpread);
      const isBounded = number >= 0 && number < GRID_POINTS - 1 && next <= its.timeout;
      return isBounded && (state === 'timeout' ? waited >= its.timeout - 10 : next > waited);
    }),
    manyTimes,
  );
});

test('the later it is, the further the polls are', () => {
  fc.assert(
    fc.property(anySettings, anySpread, share, share, (its, itsSpread, one, other) => {
      const earlier = placeInBackoff(its, Math.min(one, other) * its.timeout, itsSpread);
      const later = placeInBackoff(its, Math.max(one, other) * its.timeout, itsSpread);
      const order = ['early', 'due', 'timeout'];
      return (
        earlier.number <= later.number &&
        earlier.next <= later.next &&
        order.indexOf(earlier.state) <= order.indexOf(later.state)
      );
    }),
    manyTimes,
  );
});

test('no poll is missed: a try at the time that was planned, or up to 10 ms early, is the next poll', () => {
  const early = fc.oneof(fc.constant(0), fc.double({ min: 0, max: 9.9, noNaN: true }));
  fc.assert(
    fc.property(anySettings, anySpread, share, early, (its, itsSpread, at, ms) => {
      const now = placeInBackoff(its, at * its.timeout, itsSpread);
      if (now.state === 'timeout') {
        return true;
      }
      const then = placeInBackoff(its, now.next, itsSpread);
      const number = now.state === 'early' ? 0 : now.number + 1;
      // of a short pause no more than half is a timer that ended early
      const slack = Math.min(
        ms,
        (then.next - now.next) / 2.01,
        (now.next - at * its.timeout) / 2.01,
      );
      const soon = placeInBackoff(its, now.next - slack, itsSpread);
      const isNext = (it: typeof then) =>
        it.number === number && it.state === (now.next < its.timeout ? 'due' : 'timeout');
      return isNext(then) && (at * its.timeout >= now.next - 10 || slack === 0 || isNext(soon));
    }),
    manyTimes,
  );
});

test('a next try is never before the answer, and past the deadline only where the answer was', () => {
  const retryAfter = fc.oneof(
    fc.constantFrom(undefined, 0, 1),
    fc.integer({ min: 0, max: 86_400_000 }),
  );
  fc.assert(
    fc.property(
      anySettings,
      anySpread,
      share,
      share,
      retryAfter,
      (its, itsSpread, at, took, asked) => {
        const { state, next: planned } = placeInBackoff(its, at * its.timeout, itsSpread);
        const answered = (at + took) * its.timeout;
        const next = nextAttempt(its, planned, answered, took * its.timeout, asked);
        return (
          state === 'timeout' ||
          (next <= its.timeout && (next > answered || answered >= its.timeout))
        );
      },
    ),
    manyTimes,
  );
});

test('what an app asks for with Retry-After is not asked for earlier, up to the last poll', () => {
  const retryAfter = fc.integer({ min: 1, max: 86_400_000 });
  fc.assert(
    fc.property(anySettings, anySpread, share, retryAfter, (its, itsSpread, at, asked) => {
      const answered = at * its.timeout;
      const next = nextAttempt(
        its,
        placeInBackoff(its, answered, itsSpread).next,
        answered,
        0,
        asked,
      );
      const last = its.timeout - Math.min(its.interval, its.timeout / 4);
      return next >= Math.min(answered + asked, last) || answered >= its.timeout;
    }),
    manyTimes,
  );
});
