/** The figures of a benchmark, and what is made of them, in a folder. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { plot } from './plot';
import type { Results } from './results';
import { table } from './table';

/** @returns the table */
export function writeTo(folder: string, results: Results): string {
  mkdirSync(folder, { recursive: true });
  const markdown = table(results);
  writeFileSync(join(folder, 'latest.json'), `${JSON.stringify(results, null, 2)}\n`);
  writeFileSync(join(folder, 'table.md'), markdown);
  writeFileSync(join(folder, 'table.svg'), plot(results));
  return markdown;
}
