/** Which nginx a benchmark is to run on, as its settings say. */

import type { Release } from '../../test/harness/nginx';
import { choice, type Environment, words } from './settings';

export type Engine = Release['engine'];
const ENGINES: readonly Engine[] = ['njs', 'qjs'];

export interface Wanted {
  /** Of Debian. */
  releases: string[];
  /** All that a release has, where it is undefined. */
  engine: Engine | undefined;
}

/** @param otherwise where OFFLOAD_MATRIX says nothing */
export function readWanted(env: Environment, otherwise: string[]): Wanted {
  return {
    releases: words(env, 'OFFLOAD_MATRIX') ?? otherwise,
    engine: choice(env, 'ENGINE', ENGINES),
  };
}
