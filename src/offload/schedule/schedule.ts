/** A job's schedule: all that an attempt asks of this folder. Times in ms; those of a job since its signal. */

import { hopOutcome } from '../hop/due';
import { lastPoll, nextAttempt, type Place } from './backoff';
import { PAUSE_ERROR, pauseBefore, pauseNumber, stepsIn, stepsMs } from './pause';
import { type Plan, placeInSchedule } from './place';
import { readRetryAfter } from './retry-after';
import { complaint, readPollCost, readSettings, type Settings } from './settings';

export interface Schedule extends Settings {
  /** Hash of the job; seeds its jitter. */
  hash: number;
  /** Whether the route's times are learned, and the plan made of them; undefined as long as nothing is known. */
  isLearned: boolean;
  plan: Plan | undefined;
  /** No poll is sooner: Retry-After of the signal; 0 if there is none. */
  notBefore: number;
}

/**
 * @param timeout, interval, backoff, maxInterval, pollCost nginx variables, as text
 * @param retryAfter of the signal, empty if it has none
 * @param since ms since the epoch
 * @param hash 32 bits, the job's own, for its jitter
 */
export function readSchedule(
  timeout: string,
  interval: string,
  backoff: string,
  maxInterval: string,
  pollCost: string,
  retryAfter: string,
  since: number,
  hash: number,
): Schedule {
  const schedule = readSettings(timeout, interval, backoff, maxInterval) as Schedule;
  const cost = readPollCost(pollCost);
  if (cost === undefined) {
    schedule.complaint += complaint('poll_cost', pollCost);
  }
  schedule.hash = hash;
  schedule.isLearned = cost !== 0;
  schedule.plan = undefined;
  // at the last poll of the schedule at the latest
  const earliest = retryAfter === '' ? undefined : readRetryAfter(retryAfter, since);
  schedule.notBefore = earliest === undefined ? 0 : Math.min(earliest, lastPoll(schedule));
  return schedule;
}

/** Where the job stands. */
export function placeOf(schedule: Schedule, waited: number): Place {
  return placeInSchedule(schedule.plan, schedule, waited, schedule.hash);
}

/** Whether an attempt must not be late, as its time is planned or the app's. */
function isExact(schedule: Schedule, until: number): boolean {
  return schedule.plan !== undefined || until <= schedule.notBefore;
}

/** Whether a pause that had to end before an attempt has ended so soon before it that no other is worth it. */
export function isNear(schedule: Schedule, waited: number, until: number): boolean {
  return isExact(schedule, until) && until - waited <= PAUSE_ERROR * until;
}

/**
 * When the next attempt is due after an answer without a result.
 *
 * @param planned `next` of the place that the poll had
 * @param took the poll's duration; 0 for a transient error
 * @param retryAfter the answer's header, if it has one; `now`: ms since the epoch, for a date in it
 */
export function afterAnswer(
  schedule: Schedule,
  planned: number,
  waited: number,
  took: number,
  retryAfter: string | undefined,
  now: number,
): number {
  const wanted = retryAfter === undefined ? undefined : readRetryAfter(retryAfter, now);
  const minimum = schedule.plan === undefined ? schedule.interval / 2 : schedule.plan.floor;
  return nextAttempt(schedule, planned, waited, took, wanted, minimum);
}

/** @returns the number of nginx's pause until an attempt is due; one that must not be late comes after a shorter one */
export function pauseUntil(schedule: Schedule, waited: number, until: number): number {
  return isExact(schedule, until)
    ? pauseBefore(until - waited)
    : pauseNumber(schedule, waited, until);
}

/**
 * The same for a client that is sent on: in steps, with what nginx has to know behind the last one (waiter.conf).
 *
 * @param until when the pause ends: at a poll, or before the client is sent on
 * @param next when the next poll is due; later than `until`: the client is sent on
 * @returns what follows /.offload/pause/
 */
export function pauseInSteps(
  schedule: Schedule,
  waited: number,
  until: number,
  next: number,
): string {
  const isHop = next > until;
  const steps = stepsIn(until - waited);
  const from = waited + stepsMs(steps);
  const number = isHop ? pauseBefore(until - from) : pauseUntil(schedule, from, until);
  const last = `${number}?${isHop ? hopOutcome(next) : `next=${Math.round(next)}`}`;
  return steps === 0 ? last : `steps-${steps}?${last}`;
}
