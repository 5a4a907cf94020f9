import { arrivals, meanWork } from '../../../../load/farm/arrivals';

const MIX = { fastMs: 5, slowMs: 500, slowPercent: 10 };

test('the mean work is the weighted mean of the mix', () => {
  expect(meanWork(MIX)).toBe(54.5);
});

test('arrivals depend on the seed only', () => {
  expect(arrivals(MIX, 50, 10)).toEqual(arrivals(MIX, 50, 10));
  expect(arrivals(MIX, 50, 10, 2)).not.toEqual(arrivals(MIX, 50, 10));
});

test('arrivals are in order, with the rate, the mix and the gaps of a Poisson process', () => {
  const all = arrivals(MIX, 100, 100);
  const gaps = all.map(({ at }, i) => at - (all[i - 1]?.at ?? 0));
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(0);
  expect(all.length / 10_000).toBeCloseTo(1, 1);
  expect(all.filter(({ work }) => work === 500).length / all.length).toBeCloseTo(0.1, 1);
  // the share of gaps longer than the mean in a Poisson process
  expect(gaps.filter((gap) => gap > 10).length / gaps.length).toBeCloseTo(Math.exp(-1), 1);
});
