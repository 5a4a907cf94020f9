/**
 * What learning reaches, against the best plan that knows the lengths of 20,000 jobs. Each figure is a mean
 * over routes with seeds of their own, and over plans after 300 to 375 jobs, each measured on 100 jobs: few, for
 * the time that it takes; docs/schedule.md has the figures of more.
 */

import { learned as learnedBy } from '../../../../testkit/schedule/learned';
import { best } from '../../../../testkit/schedule/oracle';
import {
  constant,
  costOf,
  type Draw,
  EXACT,
  exponential,
  humps,
  lengthsOf,
  lognormal,
  mean,
  pareto,
  Route,
  random,
  uniform,
  type World,
} from '../../../../testkit/schedule/simulation';

const ROUTES = 6;
/** Of jobs that take few polls. */
const MORE_ROUTES = 12;

const learned = (draw: Draw, world: World, routes: number) =>
  learnedBy(draw, world, { routes, plans: 4, jobsBetween: 25, jobs: 100 });

/** As nginx's timers and an app's polls are. */
const REAL = { ...EXACT, timer: 10, poll: 5 };

describe.each([25, 100])('a poll that is worth %d ms', (price) => {
  test.each([10_000, 10_040, 9_700])(
    'jobs of %d ms have under 1.2 polls, and the lateness of a timer',
    (ms) => {
      const { polls, late } = learned(constant(ms), { ...EXACT, price }, MORE_ROUTES);
      expect(polls).toBeLessThan(1.2);
      expect(late).toBeLessThan(price === 25 || ms === 10_000 ? 20 : 25);
    },
  );

  test.each([
    ['of 8 to 12 s', uniform(8_000, 12_000), 0.12],
    ['of 5 to 15 s', uniform(5_000, 15_000), 0.12],
    ['of 10 s, lognormal with sigma 0.3', lognormal(10_000, 0.3), 0.12],
    ['of 2 s and of 20 s', humps(2_000, 20_000), 0.12],
    ['of 10 s, lognormal with sigma 1', lognormal(10_000, 1), 0.2],
    ['of 10 s, exponential', exponential(10_000), 0.2],
    ['of 2 s and more, Pareto with alpha 1.5', pareto(2_000, 1.5), 0.2],
  ])('jobs %s cost little more than with the best plan', (_name, draw, above) => {
    expect(learned(draw, { ...EXACT, price }, ROUTES).above).toBeLessThan(above);
  });

  test.each([
    ['from 10 s to 3 s', constant(10_000), constant(3_000), 1_000],
    ['from 8 to 12 s to 2 to 3 s', uniform(8_000, 12_000), uniform(2_000, 3_000), 1_000],
  ])('times that change %s and back are learned anew', (_name, before, after, late) => {
    const routes = Array.from({ length: MORE_ROUTES }, (_, seed) => {
      const route = new Route({ ...EXACT, price }, random(seed + 500));
      route.run(before, 300);
      const there = costOf(route.run(after, 100), price);
      const known = costOf(route.run(after, 200), price);
      const back = costOf(route.run(before, 100), price);
      const knownAgain = costOf(route.run(before, 200), price);
      return { there, known, back, knownAgain };
    });
    const meanOf = (phase: keyof (typeof routes)[0], what: 'late' | 'cost') =>
      mean(routes.map((each) => each[phase][what]));
    expect(meanOf('there', 'late')).toBeLessThan(late);
    expect(meanOf('back', 'late')).toBeLessThan(late / 2);
    const bestOf = (draw: Draw) => best(lengthsOf(draw, 20_000), price).cost;
    // where all jobs take the same time, the best plan has no lateness at all
    const slack = (draw: Draw) => (bestOf(draw) === price ? 45 : 0.15 * bestOf(draw));
    expect(meanOf('known', 'cost')).toBeLessThan(bestOf(after) + slack(after));
    expect(meanOf('knownAgain', 'cost')).toBeLessThan(bestOf(before) + slack(before));
  });
});

test.each([
  ['of 8 to 12 s', uniform(8_000, 12_000)],
  ['of 10 s, exponential', exponential(10_000)],
])('late timers and slow polls cost jobs %s little', (_name, draw) => {
  expect(learned(draw, REAL, ROUTES).above).toBeLessThan(0.15);
});

test.each([
  ['10 s', constant(10_000), { p50: 30, p99: 150, polls: 1.3 }],
  ['8 to 12 s', uniform(8_000, 12_000), { p50: 220, p99: 650, polls: 7 }],
])('200 clients at once, jobs of %s: no worse than one after another', (_name, draw, most) => {
  const jobs = [1, 2, 3, 4].flatMap((seed) => {
    const route = new Route(REAL, random(seed));
    route.run(draw, 100);
    return route.runTogether(draw, 200, 2_000);
  });
  const late = jobs.map((job) => job.late).toSorted((a, b) => a - b);
  const part = (share: number) => late[Math.floor(share * late.length)] as number;
  expect(part(0.5)).toBeLessThan(most.p50);
  expect(part(0.99)).toBeLessThan(most.p99);
  expect(costOf(jobs, 0).polls).toBeLessThan(most.polls);
});

test('a twentieth of the jobs, about, has an early poll', () => {
  const route = new Route(EXACT, random(1));
  route.run(constant(10_000), 300);
  let early = 0;
  for (let i = 0; i < 3_000; i++) {
    const [job] = route.run(constant(10_000), 1);
    early += (job?.firstPoll as number) < 9_800 ? 1 : 0;
  }
  expect(early / 3_000).toBeGreaterThan(0.04);
  expect(early / 3_000).toBeLessThan(0.07);
});
