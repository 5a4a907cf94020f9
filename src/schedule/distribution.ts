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
export interface Outcome {
  /** The last poll without a result; 0 if there was none. */
  from: number;
  /** The poll with the result; Infinity if the wait ended without one. */
  to: number;
}

export interface Distribution extends Estimate {
  /** Of the outcomes, oldest first. */
  from: number[];
  to: number[];
}

/** Outcomes that are kept. */
export const KEPT = 300;

/** Passes of the estimate for new outcomes, and for those that are left when the others are dropped. */
const PASSES = 2;
const PASSES_ANEW = 6;

/** A result found where less than this share was expected: the times have changed. */
const SURPRISE = 0.005;
/** Outcomes before which nothing is a surprise. */
const KNOWN = 20;
/** Outcomes that are kept after one. */
const KEPT_AFTER_SURPRISE = 10;

/** Of so many outcomes in a row … */
const SHORTEST_RUN = 3;
const LONGEST_RUN = 40;
/** … all on one side, with this probability (its logarithm): the times have changed. */
const UNLIKELY = Math.log(1e-6);

export function emptyDistribution(): Distribution {
  const estimate = emptyEstimate();
  return { from: [], to: [], edges: estimate.edges, shares: estimate.shares };
}

/** @param outcomes in the order of their ends; those that cannot be are passed over */
export function fold(distribution: Distribution, outcomes: Outcome[]): Distribution {
  const folded: Distribution = {
    from: distribution.from.slice(),
    to: distribution.to.slice(),
    edges: distribution.edges,
    shares: distribution.shares,
  };
  let passes = PASSES;
  for (let i = Math.max(outcomes.length - KEPT, 0); i < outcomes.length; i++) {
    const outcome = outcomes[i] as Outcome;
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

/** @returns the length of a run of the last outcomes that the estimate makes unlikely; 0 if there is none */
function unlikelyRun(distribution: Distribution): number {
  const from = distribution.from;
  const to = distribution.to;
  const length = from.length;
  const longest = Math.min(LONGEST_RUN, length - 1);
  let latest = 0;
  let earliest = LONGEST_MS;
  for (let run = 1; run <= longest; run++) {
    latest = Math.max(latest, to[length - run] as number);
    earliest = Math.min(earliest, from[length - run] as number);
    const share = Math.min(shareBelow(distribution, latest), shareAbove(distribution, earliest));
    if (run >= SHORTEST_RUN && run * Math.log(share) < UNLIKELY) {
      return run;
    }
  }
  return 0;
}
