/** The settings OFFLOAD_MATRIX and ENGINE: which nginx a benchmark runs on. */

import type { Release } from '../../testkit/nginx';
import { choice, type Environment, words } from './settings';

export type Engine = Release['engine'];
const ENGINES: readonly Engine[] = ['njs', 'qjs'];

export interface NginxSelection {
  /** Releases of Debian. */
  releases: string[];
  /** undefined: each engine that a release has. */
  engine: Engine | undefined;
}

/** @param fallback releases if OFFLOAD_MATRIX is not set */
export function readNginxSelection(env: Environment, fallback: string[]): NginxSelection {
  return {
    releases: words(env, 'OFFLOAD_MATRIX') ?? fallback,
    engine: choice(env, 'ENGINE', ENGINES),
  };
}
