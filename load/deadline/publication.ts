/** Where the figures go: files of load/results, and a part of docs/deadline.md. */

import { json, type Publication } from '../rig/publish';
import type { Results } from './results';
import { page, table } from './table';

export function publication(results: Results): Publication {
  return {
    files: { 'deadline.json': json(results), 'deadline.md': page(results) },
    places: [{ page: 'docs/deadline.md', mark: 'make bench-deadline', text: table(results) }],
  };
}
