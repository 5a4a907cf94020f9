/** What is made of the figures: files of load/results, and the table of docs/farm.md. */

import { json, type Publication } from '../rig/publish';
import type { Results } from './results';
import { page, tables } from './table';

export function publication(results: Results): Publication {
  return {
    files: { 'farm.json': json(results), 'farm.md': page(results) },
    places: [{ page: 'docs/farm.md', mark: 'make bench-farm', text: tables(results) }],
  };
}
