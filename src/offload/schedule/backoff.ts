/**
 * When a job is polled, in ms since its signal.
 *
 * The waiter keeps no state between two attempts, so the times are a function of the settings alone,
 * and an attempt finds its place by the time waited. Pauses grow with the time waited (a result is
 * late by a share of the job's own length), from `interval` up to `maxInterval`, and beyond that only
 * if the attempts would not last to the timeout.
 */

import type { Settings } from './settings';

/**
 * Attempts that a held request can have: nginx uses each server of an upstream once for a request, and
 * make dist writes this many. The schedule takes 192, Retry-After as many; the rest is for pauses that
 * are cut at LONGEST_PAUSE_MS, and for attempts that fail.
 */
export const ATTEMPTS = 512;
export const GRID_POINTS = 192;

/** Timers of nginx count from when the event loop woke up: they can end this early. */
const EARLY_MS = 10;

/** The minimum pause after a poll, as a multiple of the poll's duration. */
const MIN_PAUSE_PER_POLL = 2;

/**
 * Where an attempt stands: before the first poll, at a poll, past the timeout. `number` counts the
 * polls from 0 (`timeout`: all of them); `next` is when the next attempt is due, `previous` when the poll
 * before this one was, ms since the signal.
 */
export interface Place {
  state: 'early' | 'due' | 'timeout';
  number: number;
  next: number;
  previous: number;
}

/**
 * @param waited ms since the signal
 * @param jitter 0.9 to 1.1, the job's own: jobs that started together are not polled together
 */
export function placeInBackoff(settings: Settings, waited: number, jitter: number): Place {
  let at = Math.min(settings.interval * jitter, lastPoll(settings));
  if (waited < at - tolerance(at)) {
    return { state: 'early', number: 0, next: at, previous: 0 };
  }
  let number = 0;
  let previous = 0;
  while (at < settings.timeout) {
    const next = nextInBackoff(settings, at, number, jitter);
    if (waited < next - tolerance(next - at)) {
      return { state: 'due', number, next, previous };
    }
    previous = at;
    at = next;
    number++;
  }
  return { state: 'timeout', number, next: at, previous };
}

/**
 * When the next attempt is due after a poll without a result.
 *
 * @param planned the `next` of the place that the poll had
 * @param answered when the answer came, ms since the signal
 * @param took the poll's duration, ms; 0 for a transient error
 * @param retryAfter the app's Retry-After, ms; undefined if there is none
 * @param minimum pause after an answer, ms; half an interval unless given
 * @returns ms since the signal
 */
export function nextAttempt(
  settings: Settings,
  planned: number,
  answered: number,
  took: number,
  retryAfter: number | undefined,
  minimum?: number,
): number {
  let at: number;
  if (retryAfter === undefined || retryAfter === 0) {
    // the slower the app answers, the longer the pause: at most a third of the held clients have a
    // poll in progress
    at = Math.max(
      planned,
      answered +
        Math.max(
          minimum === undefined ? settings.interval / 2 : minimum,
          Math.min(MIN_PAUSE_PER_POLL * took, settings.maxInterval),
        ),
    );
  } else {
    at = answered + Math.max(retryAfter, settings.timeout / GRID_POINTS);
  }
  const last = lastPoll(settings);
  return answered < last ? Math.min(at, last) : Math.min(at, settings.timeout);
}

/** At most half of a short pause, or an attempt in time would count as the next one. */
function tolerance(pause: number): number {
  return pause < 2 * EARLY_MS ? pause / 2 : EARLY_MS;
}

/** The last poll is early enough before the timeout to be answered. */
export function lastPoll(settings: Settings): number {
  return settings.timeout - Math.min(settings.interval, settings.timeout / 4);
}

/**
 * The attempt after a poll without a result: the next poll, or the timeout.
 *
 * @param at when the poll was due, ms since the signal
 * @param number of the poll
 */
export function nextInBackoff(
  settings: Settings,
  at: number,
  number: number,
  jitter: number,
): number {
  const last = lastPoll(settings);
  if (at >= last) {
    return settings.timeout;
  }
  let pause = at * settings.backoff;
  if (pause > settings.maxInterval) {
    pause = settings.maxInterval;
  }
  if (pause < settings.interval) {
    pause = settings.interval;
  }
  pause *= jitter;
  // three attempts have no such pause: the one before the first poll, the first poll, the timeout
  const left = Math.max(GRID_POINTS - 3 - number, 1);
  // pauses that grow by a factor begin with less than their mean
  if (pause < (last - at) / left) {
    const needed = at * ((last / at) ** (1 / left) - 1);
    if (pause < needed) {
      pause = needed;
    }
  }
  const next = at + pause;
  // no poll right before the last one
  return next > last - settings.interval / 2 ? last : next;
}
