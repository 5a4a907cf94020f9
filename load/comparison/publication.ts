/** What is made of the figures: files of load/results, and places in the README and docs/benchmark.md. */

import { json, type Publication } from '../rig/publish';
import { othersDoBetter } from './better';
import { plot } from './plot';
import type { Results } from './results';
import { page, shortTables, smallTable } from './table';

const MARK = 'make bench';

export function publication(results: Results): Publication {
  return {
    files: {
      'latest.json': json(results),
      'table.md': page(results),
      'table.svg': plot(results),
    },
    places: [
      {
        page: 'README.md',
        mark: MARK,
        text: `${smallTable(results)}
${othersDoBetter(results)}; [load/results/table.md](load/results/table.md) has all figures.`,
      },
      {
        page: 'docs/benchmark.md',
        mark: MARK,
        text: `![Right answers a second, and what each system adds to the work](../load/results/table.svg)

${shortTables(results)}
[load/results/table.md](../load/results/table.md) has all columns, and where other systems do better.`,
      },
    ],
  };
}
