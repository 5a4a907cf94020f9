/**
 * Where an attempt stands in its job's schedule: the planned polls, then the backoff; the backoff alone as
 * long as there is no plan.
 *
 * As of the backoff, the times are a function of what each attempt knows: the plan, the settings, the time
 * waited and the job's hash. A plan that changes in the middle of a wait changes the times to come.
 */

import { lastPoll, nextInBackoff, type Place, placeInBackoff } from './backoff';
import { backoffJitter, fractionOf, planJitter } from './jitter';
import { PAUSE_ERROR } from './pause';
import type { Settings } from './settings';

export interface Plan {
  /** No poll is sooner after the signal, nor after another poll; ms. */
  floor: number;
  /** Times of the polls, ascending, in ms since the signal; after them comes the backoff. */
  times: number[];
  /** Whether some jobs have an early poll. */
  explores: boolean;
}

/**
 * Share of the jobs that have an early poll when it is time for one (a twentieth of all jobs), and how much
 * earlier than the first planned one. Without it, a route whose jobs got faster would be polled at the old
 * times for good.
 */
const EXPLORED = 0.2;
const EXPLORED_FROM = 0.25;

/**
 * An attempt this soon before a planned poll comes from a pause that was too short, and pauses again:
 * 10 ms or PAUSE_ERROR of the pause, at most half of it.
 */
const SOON_MS = 10;
/** Clocks have milliseconds. */
const IN_TIME_MS = 1;

/** Purposes of fractionOf. */
const FOR_JITTER = 1;
const FOR_EXPLORED = 2;
const FOR_EARLIER = 3;

/**
 * @param waited ms since the signal
 * @param hash 32 bits, the job's own
 */
export function placeInSchedule(
  plan: Plan | undefined,
  settings: Settings,
  waited: number,
  hash: number,
): Place {
  if (plan === undefined) {
    return placeInBackoff(settings, waited, backoffJitter(hash));
  }
  const times = plan.times;
  const factor = planJitter(fractionOf(hash, FOR_JITTER));
  const early = plan.explores ? exploredAt(plan, hash, factor) : 0;
  const timeout = settings.timeout;
  const last = lastPoll(settings);
  // no poll is right before the last one
  const latest = last - (timeout - last) / 2;
  let previous = 0;
  let before = 0;
  let at = early > 0 ? early : (times[0] as number) * factor;
  at = at > latest ? last : at;
  let planned = early > 0 ? 0 : 1;
  let number = 0;
  while (waited >= at - IN_TIME_MS && at < timeout) {
    previous = before;
    before = at;
    if (planned < times.length && at < last) {
      at = (times[planned] as number) * factor;
      at = at > latest ? last : at;
    } else {
      at = nextInBackoff(settings, at, number, backoffJitter(hash));
    }
    planned++;
    number++;
  }
  if (waited >= at - IN_TIME_MS) {
    return { state: 'timeout', number, next: at, previous: before };
  }
  const pause = at - before;
  const error = PAUSE_ERROR * pause;
  const soon = error > SOON_MS ? error : Math.min(SOON_MS, pause / 2);
  return number === 0 || waited >= at - soon
    ? { state: 'early', number, next: at, previous: before }
    : { state: 'due', number: number - 1, next: at, previous };
}

/** @returns when a job that explores has its early poll, ms since the signal; 0 for any other job */
function exploredAt(plan: Plan, hash: number, factor: number): number {
  if (fractionOf(hash, FOR_EXPLORED) >= EXPLORED) {
    return 0;
  }
  const first = (plan.times[0] as number) * factor;
  const early = first * EXPLORED_FROM ** fractionOf(hash, FOR_EARLIER);
  return early >= plan.floor && first - early >= plan.floor ? early : 0;
}
