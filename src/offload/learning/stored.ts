/**
 * What is learned of a route as one line of text, for a file or a shared dictionary: JSON with a version. Text
 * that is damaged, cut off or of another version is none: learning starts anew.
 */

import type { Plan } from '../schedule/place';
import { type Distribution, KEPT, MOST_WAITING } from './distribution';
import { MOST_CELLS } from './estimate';
import { LONGEST_MS } from './grid';
import { MOST_POLLS } from './plan';

/** Name and version of each kind of text. */
const DISTRIBUTION = 'distribution 1';
const PLAN = 'plan 1';

/** No text is longer. */
export const LONGEST_TEXT = 16384;

/** Shares are written in millionths. */
const MILLION = 1e6;

export function writeDistribution(distribution: Distribution): string {
  const from = distribution.from;
  const took = distribution.to.map((time, i) => time - (from[i] as number));
  const units = distribution.shares.map((share) => Math.ceil(share * MILLION));
  return JSON.stringify([
    DISTRIBUTION,
    Math.ceil(distribution.waiting),
    from,
    took,
    distribution.edges,
    units,
  ]);
}

export function readDistribution(text: string): Distribution | undefined {
  const stored = parsed(text, DISTRIBUTION);
  const waiting = stored[1];
  const from = numbers(stored[2], 0, LONGEST_MS);
  const took = numbers(stored[3], 1, LONGEST_MS);
  const edges = numbers(stored[4], 0, LONGEST_MS);
  const units = numbers(stored[5], 1, 2 * MILLION);
  if (
    !isWithin(waiting, 0, MOST_WAITING) ||
    from === undefined ||
    took === undefined ||
    edges === undefined ||
    units === undefined
  ) {
    return undefined;
  }
  const cells = units.length;
  const to = from.map((time, i) => time + (took[i] as number));
  let total = 0;
  for (let i = 0; i < cells; i++) {
    total += units[i] as number;
  }
  const isWhole =
    from.length === took.length &&
    from.length <= KEPT &&
    to.every((time) => time <= LONGEST_MS) &&
    edges.length === cells + 1 &&
    cells <= MOST_CELLS &&
    edges[0] === 0 &&
    edges[cells] === LONGEST_MS &&
    isAscending(edges);
  return isWhole
    ? { from, to, waiting, edges, shares: units.map((unit) => unit / total) }
    : undefined;
}

export function writePlan(plan: Plan): string {
  return JSON.stringify([
    PLAN,
    plan.floor,
    plan.explores,
    plan.times.map((time) => Math.ceil(time)),
  ]);
}

export function readPlan(text: string): Plan | undefined {
  const stored = parsed(text, PLAN);
  const floor = stored[1];
  const explores = stored[2];
  const times = stored[3];
  return isWithin(floor, 1, LONGEST_MS) && typeof explores === 'boolean' && areTimes(times)
    ? { floor, times, explores }
    : undefined;
}

/** In one loop, as each attempt reads a plan. */
function areTimes(list: unknown): list is number[] {
  if (!Array.isArray(list)) {
    return false;
  }
  // njs takes as long to read a length as for a round of the loop
  const count = list.length;
  if (count > MOST_POLLS) {
    return false;
  }
  let before = 0;
  for (let i = 0; i < count; i++) {
    const time: unknown = list[i];
    if (typeof time !== 'number' || time <= before) {
      return false;
    }
    before = time;
  }
  return before >= 1 && before <= LONGEST_MS;
}

/** @returns nothing if the text is no list of this kind */
function parsed(text: string, kind: string): unknown[] {
  if (text.length > LONGEST_TEXT) {
    return [];
  }
  try {
    const stored: unknown = JSON.parse(text);
    return Array.isArray(stored) && stored[0] === kind ? stored : [];
  } catch {
    return [];
  }
}

function numbers(list: unknown, least: number, most: number): number[] | undefined {
  return Array.isArray(list) && list.every((each) => isWithin(each, least, most))
    ? list
    : undefined;
}

function isWithin(value: unknown, least: number, most: number): value is number {
  return typeof value === 'number' && value >= least && value <= most;
}

function isAscending(list: number[]): boolean {
  return list.every((each, i) => i === 0 || each > (list[i - 1] as number));
}
