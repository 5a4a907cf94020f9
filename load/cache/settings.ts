/** Settings of `make bench-cache`. */

import { type NginxSelection, readNginxSelection } from '../rig/nginx-selection';
import { duration, type Environment, SettingError, wholeNumber } from '../rig/settings';

export interface Settings extends NginxSelection {
  /** Pages per second. */
  rate: number;
  seconds: number;
  pages: number;
  /** % */
  loggedIn: number;
  lengthMs: number;
  ttlMs: number;
  visitors: number;
  reportMs: number;
}

export const DEFAULTS: Settings = {
  releases: ['trixie'],
  engine: 'njs',
  rate: 30,
  seconds: 60,
  pages: 20,
  loggedIn: 10,
  lengthMs: 250,
  ttlMs: 10_000,
  visitors: 100,
  reportMs: 5000,
};

export const help = `make bench-cache [NAME=VALUE]...: pages for anonymous visitors, cached and not cached, docs/cache.md

  RATE            pages per second (${DEFAULTS.rate})
  SECONDS         duration of each run (${DEFAULTS.seconds})
  PAGES           number of pages (${DEFAULTS.pages})
  LOGGED_IN       percentage of visitors who are logged in (${DEFAULTS.loggedIn})
  LENGTH          time to generate a page (${DEFAULTS.lengthMs}ms)
  TTL             how long a page is cached (${DEFAULTS.ttlMs / 1000}s)
  VISITORS        simultaneous requests for one slow report (${DEFAULTS.visitors})
  REPORT          length of the report's work (${DEFAULTS.reportMs / 1000}s)
  OFFLOAD_MATRIX  bookworm, trixie or forky (${DEFAULTS.releases})
  ENGINE          njs or qjs (${DEFAULTS.engine})
  OUT             the folder for cache.json and cache.md (dist/bench-cache)

With the default settings, the figures are also written to load/results and docs/cache.md.`;

export function readSettings(env: Environment): Settings {
  const { releases, engine } = readNginxSelection(env, DEFAULTS.releases);
  if (releases.length !== 1) {
    throw new SettingError(`OFFLOAD_MATRIX=${releases.join(',')}: only one value is allowed`);
  }
  const ttlMs = duration(env, 'TTL', DEFAULTS.ttlMs);
  if (ttlMs < 1000) {
    throw new SettingError(`TTL=${env.TTL}: at least 1s is required`);
  }
  return {
    releases,
    engine: engine ?? DEFAULTS.engine,
    rate: wholeNumber(env, 'RATE', DEFAULTS.rate),
    seconds: wholeNumber(env, 'SECONDS', DEFAULTS.seconds),
    pages: wholeNumber(env, 'PAGES', DEFAULTS.pages),
    loggedIn: wholeNumber(env, 'LOGGED_IN', DEFAULTS.loggedIn),
    lengthMs: duration(env, 'LENGTH', DEFAULTS.lengthMs),
    ttlMs,
    visitors: wholeNumber(env, 'VISITORS', DEFAULTS.visitors),
    reportMs: duration(env, 'REPORT', DEFAULTS.reportMs),
  };
}

export function isPublished(settings: Settings): boolean {
  return JSON.stringify(settings) === JSON.stringify(DEFAULTS);
}
