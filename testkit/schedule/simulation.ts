/** Jobs that wait by a schedule that is learned from them, in simulated time. */

import { type EndInterval, emptyDistribution, fold } from '../../src/offload/learning/distribution';
import { makePlan } from '../../src/offload/learning/plan';
import { nextAttempt } from '../../src/offload/schedule/backoff';
import type { Plan } from '../../src/offload/schedule/place';
import { placeInSchedule } from '../../src/offload/schedule/place';
import { readSettings } from '../../src/offload/schedule/settings';

/** 0 to 1, the same for the same seed (mulberry32). */
export type Random = () => number;

export function random(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), 61 | bits);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Length of a job in ms. */
export type Draw = (random: Random) => number;

const normal = (random: Random) =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

export const constant =
  (ms: number): Draw =>
  () =>
    ms;
export const uniform =
  (from: number, to: number): Draw =>
  (random) =>
    from + (to - from) * random();
export const lognormal =
  (median: number, sigma: number): Draw =>
  (random) =>
    median * Math.exp(sigma * normal(random));
export const exponential =
  (mean: number): Draw =>
  (random) =>
    -mean * Math.log(1 - random());
export const pareto =
  (least: number, alpha: number): Draw =>
  (random) =>
    least / (1 - random()) ** (1 / alpha);
/** Each around its middle with a standard deviation of 5 %. */
export const humps =
  (one: number, other: number): Draw =>
  (random) =>
    (random() < 0.5 ? one : other) * (1 + 0.05 * normal(random));

/** What nginx, the network and the app add to the schedule. */
export interface World {
  /** ms of lateness that a poll costs. */
  price: number;
  /** ms; as of Plan. */
  floor: number;
  /** Of the pauses that nginx has: exact if undefined. @returns the length that is taken for one */
  pause?: (ms: number) => number;
  /** At most, in ms: how late a timer ends, and how long a poll takes. */
  timer: number;
  poll: number;
}

export const EXACT: World = { price: 25, floor: 50, timer: 0, poll: 0 };

const SETTINGS = readSettings('1d', '250ms', '10%', '30s');

export class Job {
  polls = 0;
  attempts = 0;
  late = 0;
  waited = 0;
  firstPoll: number | undefined;
  outcome: EndInterval | undefined;
  private from = 0;

  constructor(
    readonly length: number,
    private readonly hash: number,
  ) {}

  /** One attempt, and the pause after it. */
  attempt(plan: Plan | undefined, world: World, random: Random): void {
    const here = placeInSchedule(plan, SETTINGS, this.waited, this.hash);
    this.attempts++;
    if (here.state === 'timeout') {
      this.outcome = { from: this.from, to: Infinity };
      return;
    }
    let until = here.next;
    if (here.state === 'due') {
      this.polls++;
      const sent = this.waited;
      this.firstPoll ??= sent;
      const took = world.poll * random();
      this.waited += took;
      if (sent + took / 2 >= this.length) {
        this.late = this.waited - this.length;
        this.outcome = { from: this.from, to: sent };
        return;
      }
      this.from = sent;
      until = nextAttempt(SETTINGS, here.next, this.waited, took, undefined, plan?.floor);
    }
    const ms = until - this.waited;
    this.waited += (world.pause ? world.pause(ms) : ms) + world.timer * random();
  }
}

export function newJob(draw: Draw, random: Random): Job {
  return new Job(draw(random), Math.floor(random() * 2 ** 32));
}

/** A route that learns. */
export class Route {
  distribution = emptyDistribution();
  plan: Plan | undefined;

  constructor(
    readonly world: World,
    readonly random: Random,
  ) {}

  learn(outcomes: EndInterval[], ms: number): void {
    this.distribution = fold(this.distribution, outcomes, ms);
    this.plan = makePlan(this.distribution, this.world.price, this.world.floor);
  }

  /** Jobs one after another. */
  run(draw: Draw, count: number): Job[] {
    const jobs: Job[] = [];
    for (let i = 0; i < count; i++) {
      const job = newJob(draw, this.random);
      this.finish(job);
      this.learn([job.outcome as EndInterval], job.waited);
      jobs.push(job);
    }
    return jobs;
  }

  /** Clients that start together, each with a job after another; what ended is learned every second. */
  runTogether(draw: Draw, clients: number, count: number): Job[] {
    const jobs: Job[] = [];
    let outcomes: EndInterval[] = [];
    let learned = 0;
    const held = Array.from({ length: clients }, () => ({
      start: 0,
      job: newJob(draw, this.random),
    }));
    while (jobs.length < count) {
      const next = held.reduce((first, each) =>
        each.start + each.job.waited < first.start + first.job.waited ? each : first,
      );
      const now = next.start + next.job.waited;
      if (now - learned >= 1000) {
        this.learn(outcomes, now - learned);
        outcomes = [];
        learned = now;
      }
      next.job.attempt(this.plan, this.world, this.random);
      if (next.job.outcome !== undefined) {
        jobs.push(next.job);
        outcomes.push(next.job.outcome);
        next.start += next.job.waited;
        next.job = newJob(draw, this.random);
      }
    }
    return jobs;
  }

  /** What the present plan costs jobs of such lengths, on average. */
  costOf(lengths: number[]): Cost {
    return costOf(
      lengths.map((length) => {
        const job = new Job(length, Math.floor(this.random() * 2 ** 32));
        this.finish(job);
        return job;
      }),
      this.world.price,
    );
  }

  private finish(job: Job): void {
    while (job.outcome === undefined) {
      job.attempt(this.plan, this.world, this.random);
    }
  }
}

export interface Cost {
  cost: number;
  polls: number;
  attempts: number;
  late: number;
}

export function costOf(jobs: Job[], price: number): Cost {
  const polls = mean(jobs.map((job) => job.polls));
  const late = mean(jobs.map((job) => job.late));
  return {
    cost: late + price * polls,
    polls,
    attempts: mean(jobs.map((job) => job.attempts)),
    late,
  };
}

export function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Lengths of so many jobs, and every so-manieth of them in order. */
export function lengthsOf(draw: Draw, count: number): number[] {
  const source = random(1);
  return Array.from({ length: count }, () => draw(source));
}
export function every(lengths: number[], step: number): number[] {
  return lengths.toSorted((a, b) => a - b).filter((_, i) => i % step === step >> 1);
}
