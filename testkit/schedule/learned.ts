/** What learned plans cost, against the best plan that knows the lengths of 20,000 jobs. */

import { best } from './oracle';
import { type Draw, every, lengthsOf, mean, Route, random, type World } from './simulation';

/** A mean over routes with seeds of their own, and over their plans after 300 jobs and more. */
export interface Sample {
  routes: number;
  /** Of each route, with so many jobs between two. */
  plans: number;
  jobsBetween: number;
  /** Of the lengths, on which each plan is measured. */
  jobs: number;
}

/** Means for a job, and what they would be with the best plan. */
export function learned(draw: Draw, world: World, { routes, plans, jobsBetween, jobs }: Sample) {
  const lengths = lengthsOf(draw, 20_000);
  const some = every(lengths, lengths.length / jobs);
  const costs = Array.from({ length: routes }, (_, seed) => {
    const route = new Route(world, random(seed + 100));
    route.run(draw, 300);
    return Array.from({ length: plans }, () => {
      const cost = route.costOf(some);
      route.run(draw, jobsBetween);
      return cost;
    });
  }).flat();
  const of = (what: 'cost' | 'polls' | 'late') => mean(costs.map((each) => each[what]));
  const ideal = best(lengths, world.price);
  return { above: of('cost') / ideal.cost - 1, polls: of('polls'), late: of('late'), ideal };
}
