/** `make bench-table`: table, plot and README again, from figures that are there. */

import { readFileSync } from 'node:fs';
import { publish } from './publish';

publish(JSON.parse(readFileSync(process.env.RESULTS || 'load/results/latest.json', 'utf8')));
