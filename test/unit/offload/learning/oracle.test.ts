import { best } from '../../../../testkit/schedule/oracle';
import { lengthsOf, mean, uniform } from '../../../../testkit/schedule/simulation';

/** Cost of a job with polls at these times. */
function costOf(lengths: number[], times: number[], price: number): number {
  return mean(
    lengths.map((length) => {
      const polls = times.findIndex((time) => time >= length) + 1;
      return (times[polls - 1] as number) - length + price * polls;
    }),
  );
}

function subsets(list: number[]): number[][] {
  const all: number[][] = [[]];
  for (const each of list) {
    all.push(...all.map((one) => one.concat(each)));
  }
  return all;
}

test('the best plan is the cheapest of all plans', () => {
  for (const price of [1, 25, 100, 1_000]) {
    const lengths = lengthsOf(uniform(1_000, 2_000), 9).toSorted((a, b) => a - b);
    const all = subsets(lengths.slice(0, -1)).map((times) => [...times, lengths.at(-1) as number]);
    const cheapest = Math.min(...all.map((times) => costOf(lengths, times, price)));
    const { cost, times, late, polls } = best(lengths, price);
    expect(cost).toBeCloseTo(cheapest, 6);
    expect(costOf(lengths, times, price)).toBeCloseTo(cost, 6);
    expect(late + price * polls).toBeCloseTo(cost, 6);
  }
});

test('jobs that all take the same time have one poll, when they end', () => {
  expect(best([5, 5, 5], 25)).toEqual({ cost: 25, polls: 1, late: 0, times: [5] });
});
