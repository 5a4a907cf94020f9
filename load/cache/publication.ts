/** What is made of the figures: files of load/results, and a place in docs/cache.md. */

import { json, type Publication } from '../rig/publish';
import type { Results } from './results';
import { page, tables } from './table';

export function publication(results: Results): Publication {
  return {
    files: { 'cache.json': json(results), 'cache.md': page(results) },
    places: [{ page: 'docs/cache.md', mark: 'make bench-cache', text: tables(results) }],
  };
}
