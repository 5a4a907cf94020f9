/** What `make bench-cache` is asked for. */

import { duration, type Environment, SettingError, wholeNumber } from '../rig/settings';
import { readWanted, type Wanted } from '../rig/wanted';

export interface Settings extends Wanted {
  /** Pages a second. */
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

export const help = `make bench-cache [NAME=VALUE]...: answers from the cache for anonymous visitors, docs/cache.md

  RATE            pages a second (${DEFAULTS.rate})
  SECONDS         of each run (${DEFAULTS.seconds})
  PAGES           how many pages there are (${DEFAULTS.pages})
  LOGGED_IN       of 100 visitors (${DEFAULTS.loggedIn})
  LENGTH          how long the app takes for a page (${DEFAULTS.lengthMs}ms)
  TTL             how long a page is kept (${DEFAULTS.ttlMs / 1000}s)
  VISITORS        who ask for one slow report at once (${DEFAULTS.visitors})
  REPORT          how long the report takes (${DEFAULTS.reportMs / 1000}s)
  OFFLOAD_MATRIX  bookworm, trixie or forky (${DEFAULTS.releases})
  ENGINE          njs or qjs (${DEFAULTS.engine})
  OUT             a folder for cache.json and cache.md (dist/bench-cache)

Only without settings but OUT, the figures go to load/results and docs/cache.md as well.`;

export function readSettings(env: Environment): Settings {
  const { releases, engine } = readWanted(env, DEFAULTS.releases);
  if (releases.length !== 1) {
    throw new SettingError(`OFFLOAD_MATRIX=${releases.join(',')}: one is needed, not several`);
  }
  const ttlMs = duration(env, 'TTL', DEFAULTS.ttlMs);
  if (ttlMs < 1000) {
    throw new SettingError(`TTL=${env.TTL}: nginx keeps an answer for whole seconds`);
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
