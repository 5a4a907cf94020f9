import {
  type Distribution,
  emptyDistribution,
  fold,
} from '../../../../src/offload/learning/distribution';
import { MOST_POLLS, makePlan } from '../../../../src/offload/learning/plan';

function known(outcomes: { from: number; to: number }[]): Distribution {
  return outcomes.reduce((folded, each) => fold(folded, [each], each.to), emptyDistribution());
}

const spread = (from: number, to: number, width: number) =>
  Array.from({ length: 300 }, (_, i) => {
    const end = from + ((i * 37) % 300) * ((to - from) / 300);
    return { from: end, to: end + width };
  });

const timesOf = (outcomes: { from: number; to: number }[], price: number, floor = 50) =>
  makePlan(known(outcomes), price, floor)?.times ?? [];

test('there is no plan as long as no job was seen to end', () => {
  expect(makePlan(emptyDistribution(), 25, 50)).toBeUndefined();
  expect(makePlan(known([{ from: 60_000, to: Infinity }]), 25, 50)).toBeUndefined();
});

test('where all jobs end in a short time, the first poll is at the end of it', () => {
  const [first = 0] = timesOf(spread(9_990, 10_000, 10), 25);
  expect(first).toBeGreaterThan(9_990);
  expect(first).toBeLessThan(10_050);
});

test('nothing is polled before jobs end, and pauses are as long as the price makes them', () => {
  const between = (price: number) =>
    timesOf(spread(8_000, 12_000, 100), price).filter((time) => time < 12_000);
  expect(between(25)[0]).toBeGreaterThan(8_000);
  expect(between(25).length).toBeGreaterThan(8);
  expect(between(25).length).toBeLessThan(20);
  expect(between(100).length).toBeLessThan(between(25).length);
});

test('behind the last known job the pauses grow to a tenth of the time', () => {
  const times = timesOf(spread(9_990, 10_000, 10), 25);
  const pauses = times.slice(1).map((time, i) => time - (times[i] as number));
  const tail = pauses.slice(-3);
  expect(tail).toEqual(tail.toSorted((a, b) => a - b));
  expect((tail.at(-1) as number) / (times.at(-1) as number)).toBeGreaterThan(0.05);
});

test('no poll is sooner than the floor, after the signal or after another poll', () => {
  for (const floor of [10, 50, 250, 1_000]) {
    const times = timesOf(spread(10, 5_000, 30), 1, floor);
    const pauses = times.map((time, i) => time - (times[i - 1] ?? 0));
    expect(Math.min(...pauses)).toBeGreaterThan(floor - 1e-6);
  }
});

test('a plan ends before the longest time that is known', () => {
  const times = timesOf([{ from: 160_000_000, to: 167_000_000 }], 25);
  expect(times.at(-1)).toBeLessThanOrEqual(167_772_160);
});

test('a plan has a bounded number of polls', () => {
  expect(timesOf(spread(10, 1_000_000, 1_000), 0.01, 1).length).toBe(MOST_POLLS);
});

test('an early poll is due when many jobs in a row were found by the first planned poll', () => {
  const jobs = spread(9_990, 10_000, 10);
  const found = Array.from({ length: 12 }, () => ({ from: 0, to: 10_005 }));
  const early = { from: 5_000, to: 10_005 };
  const explores = (outcomes: { from: number; to: number }[]) =>
    makePlan(known(outcomes), 25, 50)?.explores;
  expect(explores([...jobs, ...found])).toBe(true);
  expect(explores([...jobs, ...found, early])).toBe(false);
  expect(explores([...jobs, ...found.slice(1)])).toBe(false);
});
