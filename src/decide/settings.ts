/** The settings of a wait: nginx variables, text, as `set` and `map` give them. */

import { readDuration } from './duration';

/** The settings as read; times in ms. */
export interface Settings {
  /** Past it the client gets a 504. */
  timeout: number;
  /** The first pause, and the shortest. */
  interval: number;
  /** The longest pause, as far as the deadline allows (see schedule.ts). */
  maxInterval: number;
  /** A pause as a share of the time already waited: 0.1 is 10 %. */
  growth: number;
}

/** The settings as text; the names are those of the variables behind `$offload_`. */
export interface SettingsText {
  timeout: string;
  interval: string;
  max_interval: string;
  growth: string;
}

/** Stands in for a setting that can't be read; nginx/http.conf has the same values. */
export const DEFAULTS: Settings = {
  timeout: 60_000,
  interval: 250,
  maxInterval: 30_000,
  growth: 0.1,
};

/** Polling faster than this is no waiting: the loop itself takes about a millisecond. */
const SHORTEST_INTERVAL_MS = 10;

/** setTimeout takes 31 bits of milliseconds. */
const LONGEST_MS = 2_000_000_000;

/**
 * A setting that can't be read is its default: a wait with a sane deadline serves users
 * better than an error for every client. What was wrong is for the log.
 *
 * @returns the settings, and a sentence for each that was replaced
 */
export function readSettings(text: SettingsText): { settings: Settings; complaints: string[] } {
  const complaints: string[] = [];

  const time = (name: keyof SettingsText, fallback: number, least: number): number => {
    const ms = readDuration(text[name]);
    if (ms !== undefined && ms >= least && ms <= LONGEST_MS) {
      return ms;
    }
    complaints.push(
      `$offload_${name} is "${text[name]}" and not a time of at least ${least}ms such as ${fallback}ms: ${fallback}ms is used`,
    );
    return fallback;
  };

  const share = (name: keyof SettingsText, fallback: number): number => {
    const found = /^(\d{1,4}(?:\.\d{1,4})?)%$/.exec(text[name].trim());
    if (found !== null) {
      return Number(found[1]) / 100;
    }
    complaints.push(
      `$offload_${name} is "${text[name]}" and not a percentage such as ${fallback * 100}%: ${fallback * 100}% is used`,
    );
    return fallback;
  };

  const settings: Settings = {
    timeout: time('timeout', DEFAULTS.timeout, SHORTEST_INTERVAL_MS),
    interval: time('interval', DEFAULTS.interval, SHORTEST_INTERVAL_MS),
    maxInterval: time('max_interval', DEFAULTS.maxInterval, SHORTEST_INTERVAL_MS),
    growth: share('growth', DEFAULTS.growth),
  };
  return { settings, complaints };
}
