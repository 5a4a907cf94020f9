/** What is made of the figures: files of load/results, and the README's part. */

import { json, type Publication } from '../rig/publish';
import { othersDoBetter } from './better';
import { plot } from './plot';
import type { Results } from './results';
import { page, shortTables } from './table';

export function publication(results: Results): Publication {
  return {
    files: {
      'latest.json': json(results),
      'table.md': page(results),
      'table.svg': plot(results),
    },
    readme: {
      place: 'make bench',
      text: `![Right answers a second, and what each system adds to the work](load/results/table.svg)

${shortTables(results)}
${othersDoBetter(results)}; [load/results/table.md](load/results/table.md) has these figures, and all columns.`,
    },
  };
}
