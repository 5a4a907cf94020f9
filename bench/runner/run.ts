/** `make bench-…`: `run.ts NAME` runs load/NAME/benchmark.ts. */

import { benchmarkNames, loadBenchmark } from './definition';
import { findK6 } from './k6';
import { describe, machine, setUp, versions } from './machine';
import { type AnyResults, filesOf, PUBLISHED, placesOf, publish, write } from './publish';
import { helpOf, readSettings, SettingError, unknownSettings } from './settings';
import { end, endOnSignals, isEnding } from './stage';

endOnSignals();
process.on('uncaughtException', (error) => {
  if (!isEnding()) {
    console.error(error instanceof SettingError ? `error: ${error.message}` : error);
  }
  void end(1);
});

const [name = ''] = process.argv.slice(2);
if (!benchmarkNames().includes(name)) {
  throw new SettingError(`no such benchmark: ${name}; there are: ${benchmarkNames().join(' ')}`);
}
const its = await loadBenchmark(name);
const out = process.env.OUT || `dist/${its.target}`;

// HELP=1, as `make bench --help` prints the help of make
if (process.env.HELP) {
  console.log(`make ${its.target} [NAME=VALUE]...: ${its.about}, ${its.page}

${helpOf(its.settings)}  OUT: the folder for the figures and pages (${out})

With the default settings, they are also written to ${PUBLISHED}, the README and docs.`);
  process.exit(0);
}
const known = [...Object.keys(its.settings), 'OUT', 'HELP'];
const unknown = unknownSettings(known, process.env.MAKEFLAGS ?? '');
if (unknown.length > 0) {
  throw new SettingError(
    `${unknown.join(', ')}: unknown setting; known settings: ${known.join(' ')}`,
  );
}
const settings = readSettings(its.settings, process.env);
const wrong = its.check?.(settings);
if (wrong !== undefined) {
  throw new SettingError(wrong);
}
const isPublished = JSON.stringify(settings) === JSON.stringify(readSettings(its.settings, {}));

const images = its.images(settings);
setUp(images);
if (its.usesK6) {
  findK6();
}
const started: Omit<AnyResults, 'measured'> = {
  taken: new Date().toISOString(),
  machine: machine(),
  versions: versions(images, its),
  settings,
};
console.log(describe(started));
let results: AnyResults | undefined;
for await (const measured of its.measure(settings)) {
  results = { ...started, measured };
  write(out, await filesOf(its, results));
}
if (results === undefined) {
  throw new Error('nothing was measured');
}
const files = Object.keys(await filesOf(its, results));
console.log(`\n${its.tables(results)}\nIn ${out}: ${files.join(', ')}`);
if (isPublished) {
  await publish(its, results);
  const pages = new Set(placesOf(its, results).map(({ page }) => page));
  console.log(`${[PUBLISHED, ...pages].join(', ')} have these figures now.`);
}
await end(its.isWrong?.(results.measured) ? 1 : 0);
