/** `make bench-table`: tables and pictures in all pages again, from bench/results; those of `make bench` from RESULTS. */

import { readFileSync } from 'node:fs';
import { benchmarkNames, loadBenchmark } from './definition';
import { PUBLISHED, publish } from './publish';

for (const name of benchmarkNames()) {
  const its = await loadBenchmark(name);
  const given = its.target === 'bench' ? process.env.RESULTS : undefined;
  const file = given || `${PUBLISHED}/${its.file}.json`;
  try {
    await publish(its, JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    console.error(`error: ${file}: ${(error as Error).message}`);
    process.exit(1);
  }
}
