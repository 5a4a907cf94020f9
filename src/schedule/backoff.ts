/**
 * When a job is polled: at which times after the client's arrival.
 *
 * The waiter remembers nothing between two tries, so the times are a function of the
 * settings alone, and a try finds its place by the time waited. Pauses grow with the time
 * already waited (a result is late by a share of the job's own length), from `interval` up
 * to `maxInterval`, and stretch beyond that only where the tries would not last to the
 * deadline.
 */

import type { Settings } from './settings';

/**
 * nginx tries each server of an upstream once for a request, so the lines of
 * nginx/waiter-servers.conf bound the tries. The grid takes 192 of its 512 and Retry-After
 * as many; the rest is for tries that break off.
 */
export const GRID_POINTS = 192;

/** Timers of nginx count from when the event loop woke up: they can end this early. */
const EARLY_MS = 10;

/** Of the time that a poll took, the least pause after it. */
const AIR = 2;

/**
 * Where a try stands: before the first poll, at a poll, past the deadline. `number` counts
 * the polls from 0 (`expired`: all of them); `next` is when the next try is due, in ms since
 * the arrival.
 */
export interface Place {
  state: 'early' | 'due' | 'timeout';
  number: number;
  next: number;
}

/**
 * @param waited ms since the client's arrival
 * @param jitter 0.9 to 1.1, the job's own: jobs that came together are not polled together
 */
export function place(settings: Settings, waited: number, jitter: number): Place {
  let at = Math.min(settings.interval * jitter, lastPoll(settings));
  if (waited < at - tolerance(at)) {
    return { state: 'early', number: 0, next: at };
  }
  let number = 0;
  while (at < settings.timeout) {
    const next = following(settings, at, number, jitter);
    if (waited < next - tolerance(next - at)) {
      return { state: 'due', number, next };
    }
    at = next;
    number++;
  }
  return { state: 'timeout', number, next: at };
}

/**
 * When to try next after an answer that held no result.
 *
 * @param planned the `next` of the place that the poll had
 * @param answered when the answer came, ms since the arrival
 * @param took how long it took, ms; 0 for an answer that was lost
 * @param retryAfter what the app asked for, ms; undefined where it asked for nothing
 * @returns ms since the arrival
 */
export function nextTry(
  settings: Settings,
  planned: number,
  answered: number,
  took: number,
  retryAfter: number | undefined,
): number {
  let at: number;
  if (retryAfter === undefined || retryAfter === 0) {
    // An app that is slow to answer gets air between two polls all the same, and the more the
    // slower it is: at most a third of its clients have a poll with it.
    at = Math.max(
      planned,
      answered + Math.max(settings.interval / 2, Math.min(AIR * took, settings.maxInterval)),
    );
  } else {
    at = answered + Math.max(retryAfter, settings.timeout / GRID_POINTS);
  }
  const last = lastPoll(settings);
  return answered < last ? Math.min(at, last) : Math.min(at, settings.timeout);
}

/** Of a short pause no more than half, or a try on time would count as the one behind it. */
function tolerance(pause: number): number {
  return Math.min(EARLY_MS, pause / 2);
}

/** The last poll comes early enough before the deadline to be answered. */
function lastPoll(settings: Settings): number {
  return settings.timeout - Math.min(settings.interval, settings.timeout / 4);
}

function following(settings: Settings, at: number, number: number, jitter: number): number {
  const last = lastPoll(settings);
  if (at >= last) {
    return settings.timeout;
  }
  const wanted = Math.min(
    Math.max(at * settings.backoff, settings.interval),
    Math.max(settings.maxInterval, settings.interval),
  );
  // three tries are no such pause: one before the first poll, the first, one at the deadline
  const left = Math.max(GRID_POINTS - 3 - number, 1);
  const needed = at * ((last / at) ** (1 / left) - 1);
  const next = at + Math.max(wanted * jitter, needed);
  // a poll right before the last one would be wasted
  return next > last - settings.interval / 2 ? last : next;
}
