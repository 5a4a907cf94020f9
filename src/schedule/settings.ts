/** The settings of a wait: nginx variables, text, as `set` and `map` give them. */

import { isDigit, readDuration } from '../shared/duration';
import { quoted } from '../shared/quoted';

/** Times in ms. */
export interface Settings {
  /** `$offload_timeout`: past it the client gets a 504. */
  timeout: number;
  /** `$offload_interval`: the first pause, and the shortest. */
  interval: number;
  /** `$offload_backoff`: a pause as a share of the time already waited; 0.1 is 10 %. */
  backoff: number;
  /** `$offload_max_interval`: the longest pause, as far as the deadline allows. */
  maxInterval: number;
  /** What was wrong with the text, for the log; empty if nothing was. */
  complaint: string;
}

/** Polling faster than this is no waiting: the loop itself takes about a millisecond. */
export const SHORTEST_MS = 10;

/** setTimeout takes 31 bits of milliseconds. */
export const LONGEST_MS = 2_000_000_000;

/** A pause of twice the time waited already is no polling any more. */
export const LARGEST_BACKOFF = 2;

/**
 * A setting that can't be read is its default: a wait with a sane deadline serves users
 * better than an error for every client. The defaults are those of nginx/http.conf.
 */
export function readSettings(
  timeout: string,
  interval: string,
  backoff: string,
  maxInterval: string,
): Settings {
  const settings: Settings = {
    timeout: readTime(timeout),
    interval: readTime(interval),
    backoff: readShare(backoff),
    maxInterval: readTime(maxInterval),
    complaint: '',
  };
  if (settings.timeout < 0) {
    settings.timeout = 60_000;
    settings.complaint += complaint('timeout', timeout, 'time', '60s');
  }
  if (settings.interval < 0) {
    settings.interval = 250;
    settings.complaint += complaint('interval', interval, 'time', '250ms');
  }
  if (settings.backoff < 0) {
    settings.backoff = 0.1;
    settings.complaint += complaint('backoff', backoff, 'percentage', '10%');
  }
  if (settings.maxInterval < 0) {
    settings.maxInterval = 30_000;
    settings.complaint += complaint('max_interval', maxInterval, 'time', '30s');
  }
  return settings;
}

/** @returns -1 for what is none, or is out of range */
function readTime(text: string): number {
  const ms = readDuration(text);
  return ms !== undefined && ms >= SHORTEST_MS && ms <= LONGEST_MS ? ms : -1;
}

/** `10%`, `2.5%`; -1 for what is none, or is out of range. */
function readShare(text: string): number {
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

function complaint(name: string, text: string, kind: string, fallback: string): string {
  return `$offload_${name} is ${quoted(text)}, which is no ${kind} in its range: ${fallback} is used; `;
}
