/** `make bench-scale`: memory and CPU of nginx for held clients, and their added latency. */

import type { Release } from '../../testkit/nginx';
import { beginCommand } from '../rig/command';
import { describe, machine } from '../rig/machine';
import { PUBLISHED, publish, writeTo } from '../rig/publish';
import { findReleases } from '../rig/releases';
import { SettingError } from '../rig/settings';
import { type Limits, maxHeld, skipReason } from './capacity';
import { duration, estimate } from './estimate';
import { openFiles, ports } from './limits';
import { TooLarge } from './measure';
import { type Level, plan } from './plan';
import { publication } from './publication';
import type { Results } from './results';
import { runLevel } from './run-level';
import { help, isPublished, readSettings } from './settings';
import { table } from './table';

beginCommand(help);
const settings = readSettings(process.env);
const { held, seconds, engineOf, arrivals, workerProcesses } = settings;
const out = process.env.OUT || 'dist/bench-scale';
const limits: Limits = { openFiles: openFiles(), ports: ports(), workerProcesses, arrivals };

const planned = findReleases(settings)
  .filter(({ release, engine }) => engineOf === undefined || engineOf[release] === engine)
  .flatMap((release) => plan(release.engine, held, seconds).map((level) => ({ release, level })));
const runnable = planned.filter(({ level }) => skipReason(level, limits) === undefined);
const expected = estimate(
  runnable.map(({ level }) => level),
  arrivals,
);
console.log(`Load levels: ${runnable.length}, at most ${duration(expected)} in total`);
console.log(
  `Limit of ${limits.openFiles} open files for a process: at most ${maxHeld(limits)} held clients with ${workerProcesses} worker processes`,
);
const results: Results = {
  taken: new Date().toISOString(),
  machine: machine(),
  limits,
  leftOut: [],
  runs: [],
};
for (const reason of new Set(planned.flatMap(({ level }) => skipReason(level, limits) ?? []))) {
  skip(reason);
}
if (runnable.length === 0) {
  throw new SettingError('all load levels are skipped');
}

console.log(describe(results.taken, results.machine));
const started = Date.now();
for (const { release, level } of runnable) {
  const name = nameOf(release, level);
  try {
    const measured = await runLevel(release, level, limits, ({ asked, answered }, bytes) =>
      console.log(
        `${name}: ${asked} calls, ${answered} responses, ${(bytes / 2 ** 20).toFixed(0)} MB`,
      ),
    );
    results.runs.push({ ...release, ...level, measured });
  } catch (error) {
    if (!(error instanceof TooLarge)) {
      throw error;
    }
    skip(`${name}: ${error.message}`);
  }
  writeTo(out, publication(results)); // after each level, in case the next one fails
}

console.log(
  `\n${table(results)}\nIn ${out}: ${Object.keys(publication(results).files).join(', ')}`,
);
console.log(`Took ${duration((Date.now() - started) / 1000)}`);
if (isPublished(settings)) {
  publish(publication(results));
  console.log(`${PUBLISHED} and docs/scale.md have these figures now.`);
}
const wrong = results.runs.filter(({ measured }) => Object.keys(measured.wrong).length > 0);
for (const run of wrong) {
  console.error(`${nameOf(run, run)}: wrong answers: ${JSON.stringify(run.measured.wrong)}`);
}
process.exit(wrong.length === 0 ? 0 : 1);

function skip(reason: string): void {
  console.log(`Skipped: ${reason}`);
  results.leftOut.push(reason);
}

function nameOf(release: Release, level: Level): string {
  return `${release.engine} on nginx ${release.nginx}, ${level.held} for ${level.seconds} s`;
}
