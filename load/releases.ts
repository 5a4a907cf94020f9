/** The nginx releases that a benchmark runs on. */

import { readFileSync } from 'node:fs';
import type { Release } from '../test/harness/nginx';
import setUp from '../test/harness/set-up.mjs';
import { SettingError } from './setting';

/**
 * Sets up what they need: Docker, images, the bundle.
 *
 * @param unlessChosen as OFFLOAD_MATRIX, which says so otherwise
 * @param engine both where it is undefined
 */
export function chosenReleases(unlessChosen: string, engine?: Release['engine']): Release[] {
  process.env.OFFLOAD_MATRIX ||= unlessChosen;
  setUp();
  const matrix: Release[] = JSON.parse(readFileSync('dist/test/matrix.json', 'utf8'));
  const chosen = matrix.filter((release) => engine === undefined || release.engine === engine);
  if (chosen.length === 0) {
    throw new SettingError(`ENGINE=${engine}: no nginx of ${process.env.OFFLOAD_MATRIX} has it`);
  }
  return chosen;
}
