/** What learning reaches in the simulation of the tests, with more jobs than a test has time for. */

import { best } from '../../testkit/schedule/oracle';
import * as jobs from '../../testkit/schedule/simulation';

const { EXACT, Route, every, lengthsOf, mean, random } = jobs;

export const PRICES = [25, 100];
const ROUTES = 10;
const SHIFTED_ROUTES = 40;

const ROWS: [string, jobs.Draw][] = [
  ['10 s', jobs.constant(10_000)],
  ['8 to 12 s', jobs.uniform(8_000, 12_000)],
  ['5 to 15 s', jobs.uniform(5_000, 15_000)],
  ['lognormal, median 10 s, sigma 0.3', jobs.lognormal(10_000, 0.3)],
  ['2 s and 20 s, each with a deviation of 5 %', jobs.humps(2_000, 20_000)],
  ['lognormal, median 10 s, sigma 1', jobs.lognormal(10_000, 1)],
  ['exponential, mean 10 s', jobs.exponential(10_000)],
  ['Pareto, 2 s and more, alpha 1.5', jobs.pareto(2_000, 1.5)],
];

const SHIFTS: [string, jobs.Draw, jobs.Draw][] = [
  ['10 s, then 3 s', jobs.constant(10_000), jobs.constant(3_000)],
  ['8 to 12 s, then 2 to 3 s', jobs.uniform(8_000, 12_000), jobs.uniform(2_000, 3_000)],
];

/** @returns rows: after 300 jobs, against the best plan */
export function learnedRows(): string[][] {
  return ROWS.map(([name, draw]) => {
    const lengths = lengthsOf(draw, 20_000);
    const some = every(lengths, 40);
    const cells = PRICES.flatMap((price) => {
      const costs = Array.from({ length: ROUTES }, (_, seed) => {
        const route = new Route({ ...EXACT, price }, random(seed + 100));
        route.run(draw, 300);
        return Array.from({ length: 5 }, () => {
          const cost = route.costOf(some);
          route.run(draw, 40);
          return cost;
        });
      }).flat();
      const ideal = best(lengths, price);
      const of = (what: 'cost' | 'polls' | 'late') => mean(costs.map((cost) => cost[what]));
      return [
        `${of('polls').toFixed(2)} (${ideal.polls.toFixed(2)})`,
        `${of('late').toFixed(0)} (${ideal.late.toFixed(0)})`,
        `${((of('cost') / ideal.cost - 1) * 100).toFixed(0)} %`,
      ];
    });
    return [name, ...cells];
  });
}

/** @returns rows: the 100 jobs after a change, and after the change back 300 jobs later */
export function shiftRows(): string[][] {
  return SHIFTS.map(([name, before, after]) => {
    const cells = PRICES.flatMap((price) => {
      const late = Array.from({ length: SHIFTED_ROUTES }, (_, seed) => {
        const route = new Route({ ...EXACT, price }, random(seed + 500));
        route.run(before, 300);
        const there = jobs.costOf(route.run(after, 100), price).late;
        route.run(after, 200);
        return [there, jobs.costOf(route.run(before, 100), price).late] as const;
      });
      return [0, 1].map((i) => mean(late.map((each) => each[i] as number)).toFixed(0));
    });
    return [name, ...cells];
  });
}

/** A learned plan against the distribution that it was learned from; times in s, densities of the highest. */
export interface Panel {
  title: string;
  from: number;
  to: number;
  /** Shares of the jobs that end in each of equal parts. */
  jobs: number[];
  known: { at: number; density: number }[];
  polls: number[];
}

const BARS = 90;
const PANELS: [string, jobs.Draw, number, number][] = [
  ['jobs of 8 to 12 s', jobs.uniform(8_000, 12_000), 6_000, 14_000],
  ['jobs of 10 s, lognormal with sigma 0.3', jobs.lognormal(10_000, 0.3), 0, 28_000],
  ['jobs of 10 s, lognormal with sigma 1', jobs.lognormal(10_000, 1), 0, 60_000],
];

export function panels(): Panel[] {
  return PANELS.map(([title, draw, from, to]) => {
    const route = new Route(EXACT, random(3));
    route.run(draw, 300);
    const step = (to - from) / BARS;
    const counts = new Array<number>(BARS).fill(0);
    const lengths = lengthsOf(draw, 20_000);
    for (const length of lengths) {
      const bar = Math.floor((length - from) / step);
      if (bar >= 0 && bar < BARS) {
        counts[bar] = (counts[bar] as number) + 1;
      }
    }
    const most = Math.max(...counts);
    const { edges, shares } = route.distribution;
    const known = shares.flatMap((share, i) => {
      const [start, end] = [edges[i] as number, edges[i + 1] as number];
      const density = (share / (end - start)) * step * (lengths.length / most);
      return end <= from || start >= to
        ? []
        : [Math.max(start, from), Math.min(end, to)].map((ms) => ({
            at: ms / 1000,
            density: rounded(density),
          }));
    });
    return {
      ...{ title, from: from / 1000, to: to / 1000, known },
      jobs: counts.map((count) => rounded(count / most)),
      polls: (route.plan?.times ?? [])
        .filter((ms) => ms >= from && ms <= to)
        .map((ms) => rounded(ms / 1000)),
    };
  });
}

function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
