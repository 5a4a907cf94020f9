/** What `make bench-overhead` is asked for. */

import { choice, type Environment, wholeNumber } from '../rig/settings';
import { readWanted, type Wanted } from '../rig/wanted';
import { type Kind, kinds } from './configuration';

export interface Settings extends Wanted {
  /** Turns, each of one nginx with the includes and one without. */
  pairs: number;
  /** Of a turn. */
  seconds: number;
  kinds: Kind[];
}

export const DEFAULTS: Settings = {
  releases: ['trixie'],
  engine: 'njs',
  pairs: 40,
  seconds: 1,
  kinds,
};

export const help = `make bench-overhead [NAME=VALUE]...: what requests cost that are never offloaded, docs/scale.md

  PAIRS           turns of both at once (${DEFAULTS.pairs})
  SECONDS         of a turn (${DEFAULTS.seconds})
  KIND            proxy: a location with an app, or nothing: without one (both)
  OFFLOAD_MATRIX  bookworm, trixie, forky; several with commas between (${DEFAULTS.releases})
  ENGINE          njs or qjs (${DEFAULTS.engine})
  OUT             a folder for overhead.json and overhead.md (dist/bench-overhead)

Only without settings but OUT, the figures go to load/results as well.`;

export function readSettings(env: Environment): Settings {
  const { releases, engine } = readWanted(env, DEFAULTS.releases);
  const kind = choice(env, 'KIND', kinds);
  return {
    releases,
    engine: engine ?? DEFAULTS.engine,
    pairs: wholeNumber(env, 'PAIRS', DEFAULTS.pairs),
    seconds: wholeNumber(env, 'SECONDS', DEFAULTS.seconds),
    kinds: kind === undefined ? kinds : [kind],
  };
}

export function isPublished(settings: Settings): boolean {
  return JSON.stringify(settings) === JSON.stringify(DEFAULTS);
}
