/**
 * How long a route's jobs take, learned from its polls: each job is only known to have ended between two
 * of them. docs/schedule.md has the argument.
 *
 * The last jobs are kept as they were seen, and with them an estimate: the share of all jobs in each
 * cell of a grid (see estimate.ts).
 */

import { type Estimate, emptyEstimate, respread, shareAbove, shareBelow } from './estimate';
import { LONGEST_MS } from './grid';

/** A job that ended after `from` and not after `to`, in ms since its signal; whole ms are kept. */
export interface EndInterval {
  /** The last poll without a result; 0 if there was none. */
  from: number;
  /** The poll with the result; Infinity if the wait ended without one. */
  to: number;
}

export interface Distribution extends Estimate {
  /** The outcomes, oldest first. */
  from: number[];
  to: number[];
  /** Jobs that wait at once, about: the most of late. */
  waiting: number;
}

/** Outcomes that are kept. */
export const KEPT = 300;

/**
 * Passes of the estimate for new outcomes, one more for so many of them, as a pass halves a cell once; and
 * for those that are left when the others are dropped.
 */
const PASSES = 2;
const JOBS_PER_PASS = 25;
const PASSES_ANEW = 8;

/** A result found where less than this share was expected: the times have changed. */
const SURPRISE = 0.005;
/** Outcomes before which nothing is a surprise. */
const KNOWN = 20;
/** Outcomes that are kept after one. */
const KEPT_AFTER_SURPRISE = 10;

/**
 * So many outcomes in a row, all on one side, that they have this probability (its logarithm): the times
 * have changed. Jobs that wait at the same time end in the order of their lengths, so that only a run of
 * more than there were at once says so.
 */
const SHORTEST_RUN = 3;
const RUN_PER_WAITING = 2;
const RUNS = 40;
const UNLIKELY = Math.log(1e-6);
/** With more at once, no run is long enough. */
export const MOST_WAITING = KEPT;
/** Share of the number at once that is kept at each fold. */
const FADING = 0.95;

export function emptyDistribution(): Distribution {
  const estimate = emptyEstimate();
  return { from: [], to: [], waiting: 0, edges: estimate.edges, shares: estimate.shares };
}

/**
 * @param outcomes in the order of their ends; those that cannot be are passed over
 * @param ms since the last fold: tells how many jobs wait at once
 */
export function fold(
  distribution: Distribution,
  outcomes: EndInterval[],
  ms: number,
): Distribution {
  if (outcomes.length === 0) {
    return distribution;
  }
  const folded: Distribution = {
    from: distribution.from.slice(),
    to: distribution.to.slice(),
    waiting: Math.min(
      Math.max(waitingAtOnce(outcomes, ms), distribution.waiting * FADING),
      MOST_WAITING,
    ),
    edges: distribution.edges,
    shares: distribution.shares,
  };
  let passes = Math.min(PASSES + Math.floor(outcomes.length / JOBS_PER_PASS), PASSES_ANEW);
  for (let i = Math.max(outcomes.length - KEPT, 0); i < outcomes.length; i++) {
    const outcome = outcomes[i] as EndInterval;
    const from = Math.floor(Math.max(outcome.from, 0));
    const to = Math.ceil(Math.min(outcome.to, LONGEST_MS));
    // false for NaN as well
    if (to > from) {
      if (folded.from.length >= KNOWN && shareBelow(distribution, to) < SURPRISE) {
        keepLast(folded, KEPT_AFTER_SURPRISE);
        passes = PASSES_ANEW;
      }
      folded.from.push(from);
      folded.to.push(to);
    }
  }
  keepLast(folded, KEPT);
  respreadTimes(folded, passes);
  const run = unlikelyRun(folded);
  if (run > 0) {
    keepLast(folded, run);
    respreadTimes(folded, PASSES_ANEW);
  }
  return folded;
}

function keepLast(distribution: Distribution, count: number): void {
  if (distribution.from.length > count) {
    distribution.from = distribution.from.slice(-count);
    distribution.to = distribution.to.slice(-count);
  }
}

function respreadTimes(distribution: Distribution, passes: number): void {
  for (let i = 0; i < passes; i++) {
    const estimate = respread(distribution, distribution.from, distribution.to);
    distribution.edges = estimate.edges;
    distribution.shares = estimate.shares;
  }
}

/** By Little's law: jobs that end in a time, by the time, times how long they wait. */
function waitingAtOnce(outcomes: EndInterval[], ms: number): number {
  let waited = 0;
  for (let i = 0; i < outcomes.length; i++) {
    const outcome = outcomes[i] as EndInterval;
    waited += outcome.to < LONGEST_MS ? Math.max(outcome.to, 0) : Math.max(outcome.from, 0);
  }
  // after a time without jobs, those that ended did not take all of it
  const time = Math.max(Math.min(ms, waited / outcomes.length), 1);
  const waiting = waited / time;
  // a clock that was set back, an outcome that is none
  return waiting >= 0 ? waiting : MOST_WAITING;
}

/** @returns the length of a run of the last outcomes that the estimate makes unlikely; 0 if there is none */
function unlikelyRun(distribution: Distribution): number {
  const from = distribution.from;
  const to = distribution.to;
  const length = from.length;
  const shortest = SHORTEST_RUN + RUN_PER_WAITING * distribution.waiting;
  const longest = Math.min(shortest + RUNS, length - 1);
  let latest = 0;
  let earliest = LONGEST_MS;
  for (let run = 1; run <= longest; run++) {
    latest = Math.max(latest, to[length - run] as number);
    earliest = Math.min(earliest, from[length - run] as number);
    if (run >= shortest) {
      const share = Math.min(shareBelow(distribution, latest), shareAbove(distribution, earliest));
      if (run * Math.log(share) < UNLIKELY) {
        return run;
      }
    }
  }
  return 0;
}
