/**
 * From scale.json, scale.md beside it and the README's place: by `make bench-scale`, or alone
 * by `node --import tsx load/scale/write.ts`.
 */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fillPlace } from '../markdown';
import type { Results } from './results';
import { page, shortTable } from './table';

/** The one whose results the README shows. */
export const KEPT = 'load/results';

/** @returns the files that were written */
export function writeTables(folder: string): string[] {
  const results: Results = JSON.parse(readFileSync(join(folder, 'scale.json'), 'utf8'));
  const written = [join(folder, 'scale.md')];
  writeFileSync(join(folder, 'scale.md'), page(results));
  if (folder === KEPT) {
    const readme = readFileSync('README.md', 'utf8');
    writeFileSync('README.md', fillPlace(readme, 'scale', shortTable(results)));
    written.push('README.md');
  }
  return written;
}

if (process.argv[1] === import.meta.filename) {
  console.log(writeTables(KEPT).join('\n'));
}
