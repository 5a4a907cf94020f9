/** `make bench-scale`: what held clients cost nginx, and how late they are. */

import type { Release } from '../../test/harness/nginx';
import { beginCommand } from '../rig/command';
import { describe, machine } from '../rig/machine';
import { PUBLISHED, publish, writeTo } from '../rig/publish';
import { findReleases } from '../rig/releases';
import { SettingError } from '../rig/settings';
import { TooLarge } from './crowd';
import { duration, estimate } from './estimate';
import { type Limits, mostHeld, whyNot } from './fits';
import { hold } from './hold';
import { openFiles, ports } from './limits';
import { type Crowd, plan } from './plan';
import { publication } from './publication';
import type { Results } from './results';
import { help, isPublished, readSettings } from './settings';
import { table } from './table';

beginCommand(help);
const settings = readSettings(process.env);
const { held, seconds, engineOf, arrivals, workerProcesses } = settings;
const out = process.env.OUT || 'dist/bench-scale';
const limits: Limits = { openFiles: openFiles(), ports: ports(), workerProcesses, arrivals };

const planned = findReleases(settings)
  .filter(({ release, engine }) => engineOf === undefined || engineOf[release] === engine)
  .flatMap((release) => plan(release.engine, held, seconds).map((crowd) => ({ release, crowd })));
const fitting = planned.filter(({ crowd }) => whyNot(crowd, limits) === undefined);
const expected = estimate(
  fitting.map(({ crowd }) => crowd),
  arrivals,
);
console.log(`Crowds to hold: ${fitting.length}, which takes at most ${duration(expected)}`);
console.log(
  `A process may have ${limits.openFiles} open files: with ${workerProcesses} worker processes, at most ${mostHeld(limits)} held clients`,
);
const results: Results = {
  taken: new Date().toISOString(),
  machine: machine(),
  limits,
  leftOut: [],
  runs: [],
};
for (const reason of new Set(planned.flatMap(({ crowd }) => whyNot(crowd, limits) ?? []))) {
  leaveOut(reason);
}
if (fitting.length === 0) {
  throw new SettingError('nothing is left to measure');
}

console.log(describe(results.taken, results.machine));
const started = Date.now();
for (const { release, crowd } of fitting) {
  const name = nameOf(release, crowd);
  try {
    const measured = await hold(release, crowd, limits, ({ asked, answered }, bytes) =>
      console.log(
        `${name}: ${asked} asked, ${answered} answered, ${(bytes / 2 ** 20).toFixed(0)} MB`,
      ),
    );
    results.runs.push({ ...release, ...crowd, measured });
  } catch (error) {
    if (!(error instanceof TooLarge)) {
      throw error;
    }
    leaveOut(`${name}: ${error.message}`);
  }
  writeTo(out, publication(results)); // what is measured stays, whatever becomes of the next
}

console.log(
  `\n${table(results)}\nIn ${out}: ${Object.keys(publication(results).files).join(', ')}`,
);
console.log(`It took ${duration((Date.now() - started) / 1000)}`);
if (isPublished(settings)) {
  publish(publication(results));
  console.log(`${PUBLISHED} and docs/scale.md have these figures now.`);
}
const wrong = results.runs.filter(({ measured }) => Object.keys(measured.wrong).length > 0);
for (const run of wrong) {
  console.error(`${nameOf(run, run)}: wrong answers: ${JSON.stringify(run.measured.wrong)}`);
}
process.exit(wrong.length === 0 ? 0 : 1);

function leaveOut(reason: string): void {
  console.log(`Left out: ${reason}`);
  results.leftOut.push(reason);
}

function nameOf(release: Release, crowd: Crowd): string {
  return `${release.engine} on nginx ${release.nginx}, ${crowd.held} for ${crowd.seconds} s`;
}
