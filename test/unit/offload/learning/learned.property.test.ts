import fc from 'fast-check';
import { emptyDistribution, fold, KEPT } from '../../../../src/offload/learning/distribution';
import { MOST_POLLS, makePlan } from '../../../../src/offload/learning/plan';
import {
  LONGEST_TEXT,
  readDistribution,
  readPlan,
  writeDistribution,
  writePlan,
} from '../../../../src/offload/learning/stored';
import { GRID_POINTS } from '../../../../src/offload/schedule/backoff';
import type { Plan } from '../../../../src/offload/schedule/place';
import { placeInSchedule } from '../../../../src/offload/schedule/place';
import { long } from '../../../../testkit/jest/long';
import { hostileText, manyTimes } from '../../shared/hostile';
import { anySettings } from '../schedule/any-settings';

const someTimes = { numRuns: 500 };

/** Sane, or what a faulty clock or log could say. */
const anyTime = fc.oneof(
  fc.integer({ min: 0, max: 100_000 }),
  fc.double({ min: 0, max: 1e8, noNaN: true }),
  fc.double(),
  fc.constantFrom(0, -1, 10, Number.NaN, Infinity, -Infinity, Number.MAX_VALUE, 1e-300),
);
const anyOutcomes = fc.array(fc.record({ from: anyTime, to: anyTime }), { maxLength: 60 });
const anyDistribution = fc
  .array(fc.tuple(anyOutcomes, anyTime), { maxLength: 6 })
  .map((folds) =>
    folds.reduce((folded, [outcomes, ms]) => fold(folded, outcomes, ms), emptyDistribution()),
  );
const price = fc.oneof(
  fc.constantFrom(1, 25, 100),
  fc.double({ min: 0.01, max: 1e6, noNaN: true }),
);
const floor = fc.integer({ min: 1, max: 10_000 });

test('any outcomes make a distribution of bounded size with shares that sum to 1', () => {
  fc.assert(
    fc.property(anyDistribution, ({ from, to, edges, shares }) => {
      const sum = shares.reduce((total, share) => total + share, 0);
      return (
        from.length === to.length &&
        from.length <= KEPT &&
        from.every((time, i) => time >= 0 && (to[i] as number) > time) &&
        edges.length === shares.length + 1 &&
        edges.every((edge, i) => i === 0 || edge > (edges[i - 1] as number)) &&
        shares.every((share) => share > 0) &&
        Math.abs(sum - 1) < 1e-6
      );
    }),
    someTimes,
  );
});

test('any distribution is read as it was written, and its line is short', () => {
  fc.assert(
    fc.property(anyDistribution, (distribution) => {
      const text = writeDistribution(distribution);
      const again = readDistribution(text);
      expect(again?.from).toEqual(distribution.from);
      expect(again?.to).toEqual(distribution.to);
      expect(again?.edges).toEqual(distribution.edges);
      return text.length <= LONGEST_TEXT && !text.includes('\n');
    }),
    someTimes,
  );
});

test('any distribution makes a plan of bounded length with ascending times, which is read as it was written', () => {
  fc.assert(
    fc.property(anyDistribution, price, floor, (distribution, its, least) => {
      const plan = makePlan(distribution, its, least);
      if (plan === undefined) {
        return true;
      }
      const times = plan.times;
      expect(readPlan(writePlan(plan))?.times).toHaveLength(times.length);
      return (
        times.length > 0 &&
        times.length <= MOST_POLLS &&
        times.every((time, i) => time > (i === 0 ? 0 : (times[i - 1] as number)))
      );
    }),
    someTimes,
  );
});

test('damaged text is no distribution and no plan, or a sane one', () => {
  const text = fc.oneof(
    hostileText,
    fc.json(),
    fc
      .tuple(anyDistribution, fc.nat(), fc.string({ maxLength: 3 }))
      .map(([distribution, at, put]) => {
        const whole = writeDistribution(distribution);
        const place = at % whole.length;
        return whole.slice(0, place) + put + whole.slice(place + put.length);
      }),
  );
  fc.assert(
    fc.property(text, (its) => {
      const known = readDistribution(its);
      const plan = known && makePlan(fold(known, [{ from: 0, to: 5 }], 1), 25, 50);
      return (
        (plan === undefined || plan.times.every((time) => time > 0 && time < 1e9)) &&
        (readPlan(its) === undefined || its.startsWith('["plan 1"'))
      );
    }),
    { numRuns: long(2_000, 400) },
  );
});

const anyPlan: fc.Arbitrary<Plan> = fc.record({
  floor,
  explores: fc.boolean(),
  times: fc
    .uniqueArray(fc.double({ min: 1, max: 86_400_000, noNaN: true }), {
      minLength: 1,
      maxLength: MOST_POLLS,
    })
    .map((times) => times.toSorted((a, b) => a - b)),
});
const anyHash = fc.integer({ min: 0, max: 0xffffffff });
const share = fc.double({ min: 0, max: 1.2, noNaN: true });

test('by any plan the next attempt lies ahead and not past the timeout, and the polls are bounded', () => {
  fc.assert(
    fc.property(anyPlan, anySettings, anyHash, share, (plan, settings, hash, part) => {
      const waited = part * settings.timeout;
      const { state, number, next } = placeInSchedule(plan, settings, waited, hash);
      return (
        number >= 0 &&
        number < GRID_POINTS &&
        next <= settings.timeout &&
        (state === 'timeout' ? waited >= settings.timeout - 1 : next > waited)
      );
    }),
    manyTimes,
  );
});

test('by any plan an attempt at the planned time is the next poll', () => {
  fc.assert(
    fc.property(anyPlan, anySettings, anyHash, share, (plan, settings, hash, part) => {
      const here = placeInSchedule(plan, settings, part * settings.timeout, hash);
      if (here.state === 'timeout') {
        return true;
      }
      const number = here.state === 'early' ? here.number : here.number + 1;
      const then = placeInSchedule(plan, settings, here.next, hash);
      return then.number >= number && then.state !== 'early';
    }),
    manyTimes,
  );
});
