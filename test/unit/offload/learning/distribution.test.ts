import {
  type Distribution,
  emptyDistribution,
  fold,
  KEPT,
} from '../../../../src/offload/learning/distribution';
import { shareAbove, shareBelow } from '../../../../src/offload/learning/estimate';

const repeat = (count: number, from: number, to: number) =>
  Array.from({ length: count }, () => ({ from, to }));

/** One outcome a fold, as jobs one after another have. */
function foldEach(distribution: Distribution, outcomes: { from: number; to: number }[]) {
  return outcomes.reduce((folded, each) => fold(folded, [each], each.to), distribution);
}

test('jobs that overlap in a second are known to end in it', () => {
  const outcomes = Array.from({ length: 100 }, (_, i) => ({
    from: 9_000 + i * 10,
    to: 10_000 + i * 10,
  }));
  const known = foldEach(emptyDistribution(), outcomes);
  expect(shareBelow(known, 8_900)).toBeLessThan(0.05);
  expect(shareAbove(known, 11_100)).toBeLessThan(0.05);
});

test('a job that was found done by its first poll ended where others did', () => {
  const known = foldEach(emptyDistribution(), [
    ...repeat(40, 9_900, 10_000),
    ...repeat(100, 0, 10_000),
  ]);
  expect(shareBelow(known, 9_000)).toBeLessThan(0.02);
});

test('a wait that ended without a result says that the job took longer', () => {
  const known = foldEach(emptyDistribution(), [
    ...repeat(10, 1_900, 2_000),
    ...repeat(10, 59_000, Infinity),
  ]);
  expect(shareAbove(known, 59_000)).toBeCloseTo(0.5, 1);
});

test('the last outcomes are kept, a result found long before it was expected drops all but ten of them', () => {
  const known = foldEach(emptyDistribution(), repeat(KEPT + 50, 9_900, 10_000));
  expect(known.from).toHaveLength(KEPT);
  const surprised = fold(known, [{ from: 0, to: 5_000 }], 5_000);
  expect(surprised.from).toHaveLength(11);
  expect(shareBelow(surprised, 5_000)).toBeGreaterThan(0.05);
});

test('a few jobs in a row that take longer than any before drop the others', () => {
  const known = foldEach(emptyDistribution(), repeat(KEPT, 2_900, 3_000));
  const longer = foldEach(known, repeat(6, 9_900, 10_000));
  expect(longer.from.length).toBeLessThanOrEqual(6);
});

test('jobs that wait at once and end in the order of their lengths drop nothing', () => {
  const waves = Array.from({ length: 3 }, () =>
    Array.from({ length: 10 }, (_, second) =>
      Array.from({ length: 20 }, (_, i) => {
        const to = 10_000 + second * 1_000 + i * 50;
        return { from: to - 100, to };
      }),
    ),
  ).flat();
  const known = waves.reduce(
    (folded, outcomes) => fold(folded, outcomes, 1_000),
    emptyDistribution(),
  );
  expect(known.from).toHaveLength(KEPT);
});

test('no outcomes change nothing', () => {
  const known = fold(emptyDistribution(), repeat(5, 900, 1_000), 1_000);
  expect(fold(known, [], 1_000)).toBe(known);
});

test.each([
  ['no number', { from: Number.NaN, to: 5 }],
  ['no number', { from: 5, to: Number.NaN }],
  ['an end before its start, as of a clock that was set back', { from: 5_000, to: 4_000 }],
  ['no length', { from: 0, to: 0 }],
  ['a negative length', { from: -10, to: -5 }],
  ['no end in two days', { from: 1e9, to: 1e10 }],
])('an outcome with %s is passed over', (_name, outcome) => {
  const known = fold(emptyDistribution(), repeat(5, 900, 1_000), 1_000);
  expect(fold(known, [outcome], 1_000).from).toEqual(known.from);
});
