/** The settings of a wait: nginx variables, text, as `set` and `map` give them. */

import { isDigit, readDuration } from '../../shared/duration';
import { quoted } from '../../shared/quoted';

/** Times in ms. */
export interface Settings {
  /** `$offload_timeout`: after it the client gets a 504. */
  timeout: number;
  /** `$offload_interval`: the first pause, and the shortest. */
  interval: number;
  /** `$offload_backoff`: a pause as a share of the time waited; 0.1 is 10 %. */
  backoff: number;
  /** `$offload_max_interval`: the longest pause, unless the attempts would not last to the timeout. */
  maxInterval: number;
  /** What is wrong with the text, for the log; empty if nothing is. */
  complaint: string;
}

/** Of its own: the Redis bundle reads no other, and each VM makes the objects of its bundle. */
const DEFAULT_TIMEOUT = '60s';

/** The defaults, by the variable's name without `$offload_`. */
export const DEFAULTS = {
  timeout: DEFAULT_TIMEOUT,
  interval: '250ms',
  backoff: '10%',
  max_interval: '30s',
  poll_cost: '25ms',
};

/** An attempt by itself takes about a millisecond. */
export const SHORTEST_MS = 10;

/** nginx has a location for each pause up to this one (see pause.ts). */
export const LONGEST_PAUSE_MS = 3_600_000;

/** With pauses of an hour at most, the attempts of a request last for this long (see backoff.ts). */
export const LONGEST_TIMEOUT_MS = 86_400_000;

/** 200 %: the next poll comes at three times the time waited. */
export const LARGEST_BACKOFF = 2;

/** A setting that can't be read, or is out of its range, has its default, and there is a complaint. */
export function readSettings(
  timeout: string,
  interval: string,
  backoff: string,
  maxInterval: string,
): Settings {
  const settings: Settings = {
    timeout: readTime(timeout, LONGEST_TIMEOUT_MS),
    interval: readTime(interval, LONGEST_PAUSE_MS),
    backoff: readShare(backoff),
    maxInterval: readTime(maxInterval, LONGEST_PAUSE_MS),
    complaint: '',
  };
  if (settings.timeout < 0) {
    settings.timeout = readTimeout(timeout);
    settings.complaint += complaint('timeout', timeout);
  }
  if (settings.interval < 0) {
    settings.interval = readTime(DEFAULTS.interval, LONGEST_PAUSE_MS);
    settings.complaint += complaint('interval', interval);
  }
  if (settings.backoff < 0) {
    settings.backoff = readShare(DEFAULTS.backoff);
    settings.complaint += complaint('backoff', backoff);
  }
  if (settings.maxInterval < 0) {
    settings.maxInterval = readTime(DEFAULTS.max_interval, LONGEST_PAUSE_MS);
    settings.complaint += complaint('max_interval', maxInterval);
  }
  return settings;
}

/**
 * `$offload_poll_cost`: what one poll is worth of a client's time. `off`: nothing is learned, and polls are
 * made by the backoff.
 *
 * @returns ms; 0 for `off`; undefined if it can't be read, or is not 1 ms to 1 h
 */
export function readPollCost(text: string): number | undefined {
  if (text === 'off') {
    return 0;
  }
  const ms = readDuration(text);
  return ms !== undefined && ms >= 1 && ms <= LONGEST_PAUSE_MS ? ms : undefined;
}

/** `$offload_timeout` alone, in ms. */
export function readTimeout(timeout: string): number {
  const ms = readTime(timeout, LONGEST_TIMEOUT_MS);
  return ms < 0 ? readTime(DEFAULT_TIMEOUT, LONGEST_TIMEOUT_MS) : ms;
}

/** @returns -1 for what is no time, or is out of range */
function readTime(text: string, longest: number): number {
  const ms = readDuration(text);
  return ms !== undefined && ms >= SHORTEST_MS && ms <= longest ? ms : -1;
}

/** `10%`, `2.5%`; -1 for what is none, or is out of range. */
function readShare(text: string): number {
  const whole = Number.parseInt(text, 10);
  if (text === `${whole}%` && whole >= 0) {
    return whole <= 100 * LARGEST_BACKOFF ? whole / 100 : -1;
  }
  const last = text.length - 1;
  if (text.charAt(last) !== '%' || !isDigit(text.charCodeAt(0))) {
    return -1;
  }
  for (let i = 1; i < last; i++) {
    // Number reads more than a decimal number: 0x10, 1e1
    if (!isDigit(text.charCodeAt(i)) && text.charAt(i) !== '.') {
      return -1;
    }
  }
  const share = Number(text.slice(0, last)) / 100;
  return share <= LARGEST_BACKOFF ? share : -1;
}

/** Says that the text of a setting can't be read, and what is used. */
export function complaint(name: keyof typeof DEFAULTS, text: string): string {
  const kind = name === 'backoff' ? 'percentage' : 'time';
  return `$offload_${name} is ${quoted(text)}, which is no ${kind} in its range: ${DEFAULTS[name]} is used; `;
}
