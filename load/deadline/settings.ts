/** The settings of `make bench-deadline`. */

import { type Environment, wholeNumber } from '../rig/settings';

export interface Settings {
  /** Duration of the load, for each configuration. */
  seconds: number;
  /** Users who request a slow report; a new one every 2 s. */
  users: number;
  /** Seconds of work in a report. */
  report: number;
  /** Fast requests per second. */
  rate: number;
}

/**
 * The published case scaled down: reports take almost seven times as long as nginx's timeout, which was
 * 60 s there.
 */
export const DEFAULTS: Settings = { seconds: 36, users: 6, report: 20, rate: 40 };

export const WORKERS = 4;
export const NGINX_TIMEOUT_S = 3;
/** At least 2 s below nginx's timeout, as uWSGI enforces a deadline up to 2 s late. */
export const DEADLINE_S = 1;
export const FAST_WORK_MS = 20;
/** How often a user requests a report. */
export const ATTEMPTS = 3;

export const help = `make bench-deadline [NAME=VALUE]...: fast requests beside slow ones, docs/deadline.md

  SECONDS  duration of the load, for each of three configurations (${DEFAULTS.seconds})
  USERS    who request a slow report and retry it; a new one every 2 s (${DEFAULTS.users})
  REPORT   seconds of work in a report (${DEFAULTS.report})
  RATE     fast requests per second (${DEFAULTS.rate})
  OUT      the folder for deadline.json and deadline.md (dist/bench-deadline)

With the default settings, the figures are also written to load/results and docs/deadline.md.`;

export function readSettings(env: Environment): Settings {
  return {
    seconds: wholeNumber(env, 'SECONDS', DEFAULTS.seconds),
    users: wholeNumber(env, 'USERS', DEFAULTS.users),
    report: wholeNumber(env, 'REPORT', DEFAULTS.report),
    rate: wholeNumber(env, 'RATE', DEFAULTS.rate),
  };
}

export function isPublished(settings: Settings): boolean {
  return JSON.stringify(settings) === JSON.stringify(DEFAULTS);
}
