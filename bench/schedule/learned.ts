/** What learning reaches in the simulation of the tests, with more jobs than a test has time for. */

import { learned } from '../../testkit/schedule/learned';
import * as jobs from '../../testkit/schedule/simulation';
import { percent } from '../runner/figures';

const { EXACT, Route, lengthsOf, random } = jobs;

export const PRICES = [25, 100];
const SAMPLE = { routes: 10, plans: 5, jobsBetween: 40, jobs: 500 };

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

/** Against the best plan. */
export function learnedRows(): string[][] {
  return ROWS.map(([name, draw]) => {
    const cells = PRICES.flatMap((price) => {
      const { polls, late, above, ideal } = learned(draw, { ...EXACT, price }, SAMPLE);
      return [
        `${polls.toFixed(2)} (${ideal.polls.toFixed(2)})`,
        `${late.toFixed(0)} (${ideal.late.toFixed(0)})`,
        percent(above),
      ];
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
const PANELS: [string, jobs.Draw, from: number, to: number][] = [
  ['jobs of 8 to 12 s', jobs.uniform(8_000, 12_000), 6_000, 14_000],
  ['jobs of 10 s, lognormal with sigma 0.3', jobs.lognormal(10_000, 0.3), 0, 28_000],
  ['jobs of 10 s, lognormal with sigma 1', jobs.lognormal(10_000, 1), 0, 60_000],
];

export function panels(): Panel[] {
  return PANELS.map(([title, draw, from, to]) => {
    const route = new Route(EXACT, random(3));
    route.run(draw, 300);
    const step = (to - from) / BARS;
    const lengths = lengthsOf(draw, 20_000);
    const counts = Array.from({ length: BARS }, (_, bar) => {
      const start = from + bar * step;
      return lengths.filter((length) => length >= start && length < start + step).length;
    });
    const most = Math.max(...counts);
    const { edges, shares } = route.distribution;
    const known = shares.flatMap((share, i) => {
      const [start, end] = [edges[i] as number, edges[i + 1] as number];
      const density = ((share / (end - start)) * step * lengths.length) / most;
      const ends = [Math.max(start, from), Math.min(end, to)];
      return end <= from || start >= to ? [] : ends.map((ms) => ({ at: ms / 1000, density }));
    });
    const polls = (route.plan?.times ?? []).filter((ms) => ms >= from && ms <= to);
    return {
      ...{ title, from: from / 1000, to: to / 1000, known },
      jobs: counts.map((count) => count / most),
      polls: polls.map((ms) => ms / 1000),
    };
  });
}
