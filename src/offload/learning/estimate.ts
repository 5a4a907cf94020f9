/**
 * The share of all jobs in each cell of time, estimated from outcomes by expectation-maximisation: each
 * outcome is one job, spread over the cells between its two polls in proportion to what they hold.
 *
 * The cells follow the outcomes: a cell that holds enough is split, two halves that hold too little are
 * merged. Poll times in a cell count as well as jobs, as they alone tell its halves apart; without that, the
 * estimate would sharpen at a place that was never looked at, and no poll would be planned that could
 * correct it.
 */

import { areHalves, canSplit, cellAt, octaveEdges, octaveOf } from './grid';

export interface Estimate {
  /** Bounds of the cells, in ms, ascending from 0; one more than there are cells. */
  edges: number[];
  /** Share of all jobs in each cell; 1 in all. Within a cell each time is as likely as any other. */
  shares: number[];
}

/** Jobs and poll times that a cell has before it is split, and that two halves have lest they are merged. */
const TO_SPLIT = 20;
const TO_STAY_SPLIT = 14;
export const MOST_CELLS = 128;

/** Jobs that are spread over all octaves alike, as if they had been seen: no cell is ruled out. */
const PRIOR_JOBS = 0.1;

/** Shares below it are taken for it, in divisions and logarithms. */
const TINY = 1e-9;

export function emptyEstimate(): Estimate {
  const edges = octaveEdges();
  const cells = edges.length - 1;
  const shares: number[] = [];
  for (let i = 0; i < cells; i++) {
    shares.push(1 / cells);
  }
  return { edges, shares };
}

/** One pass. */
export function respread(estimate: Estimate, from: number[], to: number[]): Estimate {
  const edges = estimate.edges;
  const spreadJobs = spread(edges, estimate.shares, from, to);
  const jobs = spreadJobs.jobs;
  const polls = spreadJobs.polls;
  const cells = estimate.shares.length;
  const octaves = octaveEdges().length - 1;
  const newEdges: number[] = [];
  const newJobs: number[] = [];
  for (let i = 0; i < cells; i++) {
    const start = edges[i] as number;
    const width = (edges[i + 1] as number) - start;
    const prior = ((PRIOR_JOBS / octaves) * width) / octaveOf(start);
    const held = jobs[i] as number;
    newEdges.push(start);
    if (
      held >= TO_SPLIT &&
      (polls[i] as number) >= TO_SPLIT &&
      cells < MOST_CELLS &&
      canSplit(start, width)
    ) {
      newEdges.push(start + width / 2);
      newJobs.push((held + prior) / 2, (held + prior) / 2);
    } else if (
      i + 1 < cells &&
      (edges[i + 2] as number) - start === 2 * width &&
      areHalves(start, width) &&
      (held + (jobs[i + 1] as number) < TO_STAY_SPLIT ||
        (polls[i] as number) + (polls[i + 1] as number) < TO_STAY_SPLIT)
    ) {
      newJobs.push(held + (jobs[i + 1] as number) + 2 * prior);
      i++;
    } else {
      newJobs.push(held + prior);
    }
  }
  newEdges.push(edges[cells] as number);
  return { edges: newEdges, shares: normalized(newJobs) };
}

/** @returns for each cell, its part of the outcomes, and how many polls bound one in it */
function spread(edges: number[], shares: number[], from: number[], to: number[]) {
  const cells = shares.length;
  const below = cumulated(shares);
  const jobs = zeros(cells);
  const polls = zeros(cells);
  // changes, from cell to cell, of the factor of those that lie within an outcome from edge to edge
  const changes = zeros(cells + 1);
  for (let k = 0; k < from.length; k++) {
    const first = cellAt(edges, from[k] as number);
    const last = cellAt(edges, to[k] as number);
    const belowFrom = at(edges, below, first, from[k] as number);
    const belowTo = at(edges, below, last, to[k] as number);
    const factor = 1 / (belowTo - belowFrom + TINY);
    if (first === last) {
      jobs[first] = (jobs[first] as number) + factor * (belowTo - belowFrom);
    } else {
      jobs[first] = (jobs[first] as number) + factor * ((below[first + 1] as number) - belowFrom);
      jobs[last] = (jobs[last] as number) + factor * (belowTo - (below[last] as number));
      changes[first + 1] = (changes[first + 1] as number) + factor;
      changes[last] = (changes[last] as number) - factor;
    }
    polls[first] = (polls[first] as number) + 1;
    polls[last] = (polls[last] as number) + 1;
  }
  let factor = 0;
  for (let i = 0; i < cells; i++) {
    factor += changes[i] as number;
    jobs[i] = (jobs[i] as number) + factor * (shares[i] as number);
  }
  return { jobs, polls };
}

/** Share of the jobs that end by the end of a time's cell. */
export function shareBelow(estimate: Estimate, time: number): number {
  return sum(estimate.shares, 0, cellAt(estimate.edges, time) + 1);
}

/** Share of the jobs that end after the start of a time's cell. */
export function shareAbove(estimate: Estimate, time: number): number {
  return sum(estimate.shares, cellAt(estimate.edges, time), estimate.shares.length);
}

/** From 0: the sum of those before each cell, and of all. */
export function cumulated(shares: number[]): number[] {
  const sums = [0];
  for (let i = 0; i < shares.length; i++) {
    sums.push((sums[i] as number) + (shares[i] as number));
  }
  return sums;
}

/** @param cell that the time is in */
export function at(edges: number[], below: number[], cell: number, time: number): number {
  const start = edges[cell] as number;
  const before = below[cell] as number;
  const part = (time - start) / ((edges[cell + 1] as number) - start);
  return before + ((below[cell + 1] as number) - before) * part;
}

function sum(shares: number[], start: number, end: number): number {
  let total = TINY;
  for (let i = start; i < end; i++) {
    total += shares[i] as number;
  }
  return total;
}

function normalized(jobs: number[]): number[] {
  const total = sum(jobs, 0, jobs.length);
  return jobs.map((held) => held / total);
}

function zeros(length: number): number[] {
  const list: number[] = [];
  for (let i = 0; i < length; i++) {
    list.push(0);
  }
  return list;
}
