import { arrivals, meanWork } from '../../../../load/farm/arrivals';

const MIX = { fastMs: 5, slowMs: 500, slowPercent: 10 };

test('the mean work is that of the mix', () => {
  expect(meanWork(MIX)).toBe(54.5);
});

test('a seed gives the same arrivals again, another gives others', () => {
  expect(arrivals(MIX, 50, 10)).toEqual(arrivals(MIX, 50, 10));
  expect(arrivals(MIX, 50, 10, 2)).not.toEqual(arrivals(MIX, 50, 10));
});

test('they come in order, at the rate and in the mix, with the gaps of clients that know nothing of each other', () => {
  const all = arrivals(MIX, 100, 100);
  const gaps = all.map(({ at }, i) => at - (all[i - 1]?.at ?? 0));
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(0);
  expect(all.length / 10_000).toBeCloseTo(1, 1);
  expect(all.filter(({ work }) => work === 500).length / all.length).toBeCloseTo(0.1, 1);
  // of a Poisson process, as many gaps are longer than the mean
  expect(gaps.filter((gap) => gap > 10).length / gaps.length).toBeCloseTo(Math.exp(-1), 1);
});
