/** The settings of `make bench-deadline`. */

import { type Environment, wholeNumber } from '../rig/settings';

export interface Settings {
  /** Of the load, for each way. */
  seconds: number;
  /** Who ask for a report that takes too long, one more every 2 s. */
  users: number;
  /** Of work in a report. */
  report: number;
  /** Fast requests a second. */
  rate: number;
}

/**
 * The published case, 60 s of nginx against reports that took longer, in small: reports take almost
 * seven times as long as nginx waits, so that a run is over in half a minute.
 */
export const DEFAULTS: Settings = { seconds: 36, users: 6, report: 20, rate: 40 };

export const WORKERS = 4;
export const NGINX_TIMEOUT_S = 3;
/** Below nginx's timeout, as uWSGI sees a deadline up to 2 s late. */
export const DEADLINE_S = 1;
export const FAST_WORK_MS = 20;
/** How often a user asks for a report before giving up. */
export const REFRESHES = 3;

export const help = `make bench-deadline [NAME=VALUE]...: slow requests among fast ones, docs/deadline.md

  SECONDS  of the load, for each of three ways (${DEFAULTS.seconds})
  USERS    who ask for a slow report, one more every 2 s, and refresh (${DEFAULTS.users})
  REPORT   seconds of work in a report (${DEFAULTS.report})
  RATE     fast requests a second (${DEFAULTS.rate})
  OUT      a folder for deadline.json and deadline.md (dist/bench-deadline)

Only without settings but OUT, the figures go to load/results as well.`;

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
