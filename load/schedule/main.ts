/** Figures and plot of the learned schedule, for docs/schedule.md: `make bench-schedule`. */

import { RELEASES } from '../../testkit/matrix.mjs';
import { publish } from '../rig/publish';
import { findReleases } from '../rig/releases';
import { costTable } from './cost';
import { learnedTable, shiftTable } from './figures';
import { plot } from './plot';

const page = 'docs/schedule.md';

publish({
  files: { 'schedule.svg': plot() },
  places: [
    { page, mark: 'learned', text: learnedTable() },
    { page, mark: 'shifts', text: shiftTable() },
    {
      page,
      mark: 'cost',
      text: await costTable(findReleases({ releases: RELEASES, engine: undefined })),
    },
  ],
});
