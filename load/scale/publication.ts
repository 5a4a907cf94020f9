/** What is made of the figures: files of load/results, and the short table of docs/scale.md. */

import { json, type Publication } from '../rig/publish';
import type { Results } from './results';
import { page, shortTable } from './table';

export function publication(results: Results): Publication {
  return {
    files: { 'scale.json': json(results), 'scale.md': page(results) },
    places: [{ page: 'docs/scale.md', mark: 'make bench-scale', text: shortTable(results) }],
  };
}
