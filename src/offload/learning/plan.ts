/**
 * When to poll jobs of a route, planned from how long its jobs take: minimises the expected lateness
 * plus the price of the polls. docs/schedule.md has the argument.
 */

import { EARLIER, EARLIER_JOBS } from '../schedule/jitter';
import type { Plan } from '../schedule/place';
import type { Distribution } from './distribution';
import { at, cumulated } from './estimate';
import { LONGEST_MS } from './grid';

/** Polls of a plan; the rest of the schedule's attempts is for the backoff. */
export const MOST_POLLS = 128;

/** So many jobs that were found done by their first poll, after the last early poll, bring the next one. */
const UNEXPLORED_JOBS = 12;
/** A poll before this share of the first planned time is no jitter of it. */
const EARLY = 0.98;

/** Points to choose from between two polls, about, and in a cell at most. */
const POINTS_PER_POLL = 3;
const POINTS_PER_CELL = 64;

/** A cell lends this share of what it holds to its neighbours, and at most one job. */
const LENT = 0.05;
/** This share of the jobs may take so much longer than any that were seen. */
const LONGER_SHARE = 0.02;
const LONGER = 1.15;

/** Behind the last known job each pause is so much longer than the one before, up to a tenth of the time. */
const GROWTH = 1.3;
const LARGEST_PAUSE = 0.1;

/** Points to poll at, ascending from 0, which is none. */
interface Points {
  times: number[];
  /** Share of the jobs that ended by a point, and the sum of their times. */
  ended: number[];
  sums: number[];
}

/**
 * @param price of a poll, in ms of lateness
 * @param floor see Plan
 * @returns undefined as long as no job was seen to end
 */
export function makePlan(
  distribution: Distribution,
  price: number,
  floor: number,
): Plan | undefined {
  const end = lastKnown(distribution);
  if (end === 0) {
    return undefined;
  }
  const points = pointsOf(distribution, price, floor, Math.max(end, floor));
  const times = withTail(cheapest(points, price, floor), floor);
  return { floor, times, explores: isUnexplored(distribution, times[0] as number) };
}

/** Whether the last jobs were all found done by the first planned poll, and none was polled earlier. */
function isUnexplored(distribution: Distribution, first: number): boolean {
  let found = 0;
  for (let i = distribution.from.length - 1; i >= 0 && found < UNEXPLORED_JOBS; i--) {
    const from = distribution.from[i] as number;
    const to = distribution.to[i] as number;
    if ((from === 0 ? to : from) < first * EARLY) {
      return false;
    }
    if (from === 0) {
      found++;
    }
  }
  return found === UNEXPLORED_JOBS;
}

/** The longest time that a job is known to have taken at most; 0 if none was seen to end. */
function lastKnown(distribution: Distribution): number {
  const to = distribution.to;
  let latest = 0;
  for (let i = 0; i < to.length; i++) {
    const time = to[i] as number;
    if (time < LONGEST_MS && time > latest) {
      latest = time;
    }
  }
  return latest;
}

function pointsOf(distribution: Distribution, price: number, floor: number, end: number): Points {
  const edges = distribution.edges;
  const below = cumulated(lent(distribution));
  const points: Points = { times: [0], ended: [0], sums: [0] };
  let sooner = 0;
  let shorter = 0;
  let ended = 0;
  let sum = 0;
  for (let i = 0; (edges[i] as number) < end; i++) {
    const start = edges[i] as number;
    const stop = Math.min(edges[i + 1] as number, end);
    const width = stop - start;
    const share = at(edges, below, i, stop) - (below[i] as number);
    // the best pause where jobs end at this rate, see docs/schedule.md
    const pause = Math.sqrt((2 * price * width * Math.max(1 - ended, 0)) / share);
    const wanted = Math.ceil((POINTS_PER_POLL * width) / Math.max(pause, floor / 2));
    const count = Math.min(Math.max(wanted, 1), POINTS_PER_CELL);
    for (let k = 1; k <= count; k++) {
      const time = k < count ? start + (width * k) / count : stop;
      while ((edges[shorter + 1] as number) <= time / LONGER) {
        shorter++;
      }
      const soonest = time * (1 - EARLIER);
      while ((edges[sooner + 1] as number) <= soonest) {
        sooner++;
      }
      const before = ended;
      ended =
        (1 - LONGER_SHARE - EARLIER_JOBS) * at(edges, below, i, time) +
        EARLIER_JOBS * at(edges, below, sooner, soonest) +
        LONGER_SHARE * at(edges, below, shorter, time / LONGER);
      sum += (ended - before) * (time - width / count / 2);
      if (time >= floor) {
        points.times.push(time);
        points.ended.push(ended);
        points.sums.push(sum);
      }
    }
  }
  return points;
}

function lent(distribution: Distribution): number[] {
  const shares = distribution.shares;
  const most = 1 / distribution.from.length;
  const result = shares.slice();
  for (let i = 1; i < shares.length; i++) {
    const up = Math.min((shares[i - 1] as number) * LENT, most) / 2;
    const down = Math.min((shares[i] as number) * LENT, most) / 2;
    result[i - 1] = (result[i - 1] as number) + down - up;
    result[i] = (result[i] as number) + up - down;
  }
  return result;
}

/**
 * By dynamic programming, from the last point to the first: `costs` has the cost that is left after a poll at
 * a point, and `nexts` the poll that follows.
 */
function cheapest(points: Points, price: number, floor: number): number[] {
  const times = points.times;
  const ended = points.ended;
  const sums = points.sums;
  const last = times.length - 1;
  const costs: number[] = [];
  const nexts: number[] = [];
  costs[last] = 0;
  nexts[last] = last;
  for (let i = last - 1; i >= 0; i--) {
    const waiting = price * (1 - (ended[i] as number));
    const earliest = (times[i] as number) + floor;
    // a later poll never has an earlier successor
    const latest = nexts[i + 1] as number;
    let best = Number.MAX_VALUE;
    let next = last;
    for (let j = i + 1; j <= latest; j++) {
      const late =
        (times[j] as number) * ((ended[j] as number) - (ended[i] as number)) -
        ((sums[j] as number) - (sums[i] as number));
      // lateness only grows with the pause
      if (waiting + late >= best) {
        break;
      }
      const cost = waiting + late + (costs[j] as number);
      if (cost < best && ((times[j] as number) >= earliest || j === last)) {
        best = cost;
        next = j;
      }
    }
    costs[i] = best;
    nexts[i] = next;
  }
  const plan: number[] = [];
  let point = 0;
  while (point < last && plan.length < MOST_POLLS) {
    const before = times[point] as number;
    point = nexts[point] as number;
    if ((times[point] as number) - before >= floor) {
      plan.push(times[point] as number);
    }
  }
  return plan;
}

/** Appends pauses that grow to a share of the time waited, which the backoff has. */
function withTail(times: number[], floor: number): number[] {
  const count = times.length;
  let time = times[count - 1] as number;
  let pause = count > 1 ? time - (times[count - 2] as number) : floor;
  while (pause * GROWTH < time * LARGEST_PAUSE && times.length < MOST_POLLS) {
    pause *= GROWTH;
    time += pause;
    if (time > LONGEST_MS) {
      break;
    }
    times.push(time);
  }
  return times;
}
