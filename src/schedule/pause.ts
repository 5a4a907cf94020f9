/**
 * Which of nginx's pauses a held client gets. nginx pauses by itself, in a location for each
 * length that it can pause (auth_delay takes no variable): those of waiter-pauses.conf, which
 * build/dist.mjs makes by the same numbers.
 */

import type { Settings } from './settings';

const SHORTEST_MS = 10;
const STEP = 1.05;
const LAST = 393;

/** Length of a pause in ms. */
export function pauseMs(number: number): number {
  return Math.ceil(SHORTEST_MS * STEP ** number);
}

/**
 * The pause until a try is due: up to a step too long, as a try that is early would poll twice
 * in the place of once. Too short where there is no time for that before the deadline.
 *
 * @param waited ms since the signal
 * @param until when the try is due, ms since the signal
 * @returns its number in waiter-pauses.conf
 */
export function pauseNumber(settings: Settings, waited: number, until: number): number {
  const ms = until - waited;
  if (ms <= SHORTEST_MS) {
    return 0;
  }
  const number = Math.min(Math.ceil(Math.log(ms / SHORTEST_MS) / Math.log(STEP)), LAST);
  const isTooLate =
    until < settings.timeout && waited + pauseMs(number) > (until + settings.timeout) / 2;
  return isTooLate ? number - 1 : number;
}
