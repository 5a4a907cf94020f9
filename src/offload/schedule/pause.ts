/**
 * Which of nginx's pauses a held client gets. nginx pauses in a location for each length, as
 * auth_delay takes no variable: those of internal/waiter-pauses.conf, which make dist writes by this
 * file.
 */

import { STEP_MS } from '../hop/due';
import { type Settings, SHORTEST_MS } from './settings';

const RATIO = 1.05;

/** A pause is this share too long or too short at most: a step, and rounding. */
export const PAUSE_ERROR = 0.06;

/** The longest pause, the first of LONGEST_PAUSE_MS or more; there are as many, and the first one. */
export const LAST_PAUSE = 263;

/** Length of a pause in ms, by its number from 0. */
export function pauseMs(number: number): number {
  return Math.ceil(SHORTEST_MS * RATIO ** number);
}

/**
 * The longest pause that ends before an attempt is due: what is left, a step at most, is paused in
 * JavaScript (src/offload/poll/poll.njs.ts), as a plan is worth exactly as much as its polls are in time.
 *
 * @param ms until the attempt is due
 * @returns its number
 */
export function pauseBefore(ms: number): number {
  if (ms <= SHORTEST_MS) {
    return 0;
  }
  let number = Math.floor(Math.log(ms / SHORTEST_MS) / Math.log(RATIO));
  if (number > LAST_PAUSE) {
    return LAST_PAUSE;
  }
  // lengths are rounded up to whole ms
  while (number > 0 && pauseMs(number) > ms) {
    number--;
  }
  return number;
}

/**
 * The pause until an attempt is due: up to a step too long, as one that ends early takes an attempt of
 * its own. Too short if too long would leave no time for the poll before the timeout.
 *
 * @param waited ms since the signal
 * @param until when the attempt is due, ms since the signal
 * @returns its number
 */
export function pauseNumber(settings: Settings, waited: number, until: number): number {
  const ms = until - waited;
  if (ms <= SHORTEST_MS) {
    return 0;
  }
  const number = Math.min(Math.ceil(Math.log(ms / SHORTEST_MS) / Math.log(RATIO)), LAST_PAUSE);
  const isTooLate =
    until < settings.timeout && waited + pauseMs(number) > (until + settings.timeout) / 2;
  return isTooLate ? number - 1 : number;
}

/** nginx takes some time between two steps. */
const BETWEEN_MS = 2;
/** Of LONGEST_HOP_MS. */
export const MOST_STEPS = 200;

/** Steps before the pause that is left, of 0.5 to 2 s. */
export function stepsIn(ms: number): number {
  const steps = Math.floor((ms - STEP_MS / 3) / (STEP_MS + BETWEEN_MS));
  return Math.max(Math.min(steps, MOST_STEPS), 0);
}

/** @returns ms of so many steps */
export function stepsMs(steps: number): number {
  return steps * (STEP_MS + BETWEEN_MS);
}
