/** `make bench-…`: `run.ts NAME` runs bench/NAME/benchmark.ts. */

import { type AnyResults, benchmarkNames, loadBenchmark, targetOf } from './definition';
import { describe, machine, setUp, versions } from './machine';
import { filesOf, PUBLISHED, publish, write } from './publish';
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
const target = targetOf(name);
const out = process.env.OUT || `dist/${target}`;

// HELP=1, as `make bench --help` prints the help of make
if (process.env.HELP) {
  console.log(`make ${target} [NAME=VALUE]...: explained in ${its.page}

${helpOf(its.settings)}  OUT: the folder for the figures and tables (${out})

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
setUp(images, its.usesK6);
const results: AnyResults = {
  taken: new Date().toISOString(),
  machine: machine(),
  versions: versions(images, its.software, its.usesK6),
  settings,
  measured: [],
};
console.log(describe(results));
for await (const measured of its.measure(settings)) {
  // more digits would only make lines longer
  results.measured.push(JSON.parse(JSON.stringify(measured), rounded));
  write(out, filesOf(name, its, results));
}
const tables = its.tables(results);
write(out, { [`${name}.md`]: `${tables.trim()}\n` });
console.log(`\n${tables}\nIn ${out}: the figures and these tables`);
if (isPublished) {
  console.log(`${publish(name, its, results).join(', ')} have these figures now.`);
}
await end(results.measured.some((each) => its.isWrong?.(each)) ? 1 : 0);

function rounded(_: string, value: unknown): unknown {
  return typeof value === 'number' ? Number(value.toPrecision(6)) : value;
}
