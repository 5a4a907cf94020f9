/** What is made of the figures: files of load/results. */

import { json, type Publication } from '../rig/publish';
import type { Results } from './results';
import { page } from './table';

export function publication(results: Results): Publication {
  return { files: { 'overhead.json': json(results), 'overhead.md': page(results) } };
}
