/** What the README shows: load/results, and the place in the README that is made from it. */

import { readFileSync, writeFileSync } from 'node:fs';
import { withSection } from './readme';
import type { Results } from './results';
import { writeTo } from './write';

const PUBLISHED = 'load/results';

export function publish(results: Results): void {
  writeTo(PUBLISHED, results);
  writeFileSync('README.md', withSection(readFileSync('README.md', 'utf8'), results));
  console.log(`${PUBLISHED} and the README have these figures now.`);
}
