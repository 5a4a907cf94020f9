/** `make bench-table`: tables and pictures in all pages again, from bench/results; those of `make bench` from RESULTS. */

import { readFileSync } from 'node:fs';
import { benchmarkNames, loadBenchmark } from './definition';
import { PUBLISHED, publish } from './publish';

for (const name of benchmarkNames()) {
  const given = name === 'comparison' ? process.env.RESULTS : undefined;
  const figures = readFileSync(given || `${PUBLISHED}/${name}.json`, 'utf8');
  publish(name, await loadBenchmark(name), JSON.parse(figures));
}
