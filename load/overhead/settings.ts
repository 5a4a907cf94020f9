/** Settings of `make bench-overhead`. */

import { type NginxSelection, readNginxSelection } from '../rig/nginx-selection';
import { choice, type Environment, wholeNumber } from '../rig/settings';
import { type Kind, kinds } from './configuration';

export interface Settings extends NginxSelection {
  /** Pairs of samples, with and without the includes. */
  pairs: number;
  /** Length of a sample. */
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

export const help = `make bench-overhead [NAME=VALUE]...: cost for requests that are not offloaded, docs/scale.md

  PAIRS           pairs of samples, with and without the offload (${DEFAULTS.pairs})
  SECONDS         length of a sample (${DEFAULTS.seconds})
  KIND            proxy: a location with an app, or nothing: without an app (both)
  OFFLOAD_MATRIX  bookworm, trixie, forky, a comma-separated list (${DEFAULTS.releases})
  ENGINE          njs or qjs (${DEFAULTS.engine})
  OUT             the folder for overhead.json and overhead.md (dist/bench-overhead)

With the default settings, the figures are also written to load/results.`;

export function readSettings(env: Environment): Settings {
  const { releases, engine } = readNginxSelection(env, DEFAULTS.releases);
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
