/** `make bench-overhead`: what the offload costs requests that are never offloaded. */

import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Release } from '../../test/harness/nginx';
import { describe, machine } from '../machine';
import { type Running, sharedFolder, startNginx } from '../nginx';
import { chosenReleases } from '../releases';
import { choice, number, sayPlainly } from '../setting';
import { appConfiguration, configuration, type Kind, kinds } from './configuration';
import { instructions } from './instructions';
import { turns } from './paired';
import type { Results, Run } from './results';
import { type Step, steps } from './steps';
import { page } from './table';
import { LOAD_CPU, turn } from './turn';

if (process.argv.includes('--help')) {
  console.log(`What the offload costs requests that are never offloaded: docs/scale.md

  PAIRS=10               turns with the includes, and as many without
  SECONDS=3              of a turn
  KIND=proxy             a location with an app, or nothing: without one; both unless given
  OFFLOAD_MATRIX=trixie  bookworm, trixie, forky; several with commas between
  ENGINE=njs             or qjs
  RESULTS=load/results   where overhead.json goes, and overhead.md`);
  process.exit(0);
}
sayPlainly();

const pairs = number('PAIRS', 10);
const seconds = number('SECONDS', 3);
const kind = choice('KIND', kinds);
const resultsFolder = process.env.RESULTS || 'load/results';
const releases = chosenReleases('trixie', choice('ENGINE', ['njs', 'qjs']) ?? 'njs');
execFileSync(
  'build/setup/image.sh',
  ['wrk:trixie', ...new Set(releases.map(({ release }) => `callgrind:${release}`))],
  { stdio: 'inherit' },
);

const results: Results = {
  taken: new Date().toISOString(),
  machine: machine(),
  seconds,
  runs: [],
};
console.log(describe(results.machine));
for (const release of releases) {
  const folder = sharedFolder();
  const app = await startNginx(folder, appConfiguration, {
    image: `offload-nginx:${release.release}`,
    cpu: LOAD_CPU,
  });
  for (const one of kind === undefined ? kinds : [kind]) {
    results.runs.push(await measure(release, one, folder));
  }
  app.container.remove();
}
writeFileSync(join(resultsFolder, 'overhead.json'), `${JSON.stringify(results, undefined, 2)}\n`);
writeFileSync(join(resultsFolder, 'overhead.md'), page(results));
console.log(`\n${page(results)}\nWritten: ${join(resultsFolder, 'overhead.md')}`);
process.exit(0);

async function measure(release: Release, kind: Kind, folder: string): Promise<Run> {
  const snippet = (name: string) => readFileSync(`dist/test/offload/${name}.conf`, 'utf8');
  const all = steps({ http: snippet('http'), proxy: snippet('proxy') }, release.engine);
  const run: Run = { ...release, kind, steps: [], without: [], with: [] };
  for (const step of all) {
    const count = await instructions(step, kind, folder, release.release);
    run.steps.push({ adds: step.adds, isOptional: step.isOptional, instructions: count });
    console.log(`${kind}: ${count.toFixed(0)} instructions: ${step.adds}`);
  }

  const start = (step: Step | undefined) =>
    startNginx(folder, (port) => configuration(step as Step, kind, port), {
      image: `offload-nginx:${release.release}`,
      cpu: 0,
    });
  const nginx: Record<'without' | 'with', Running> = {
    without: await start(all[0]),
    with: await start(all.findLast(({ isOptional }) => !isOptional)),
  };
  // the first turn of a process is slower than those that follow
  await turn(nginx.without, 1);
  await turn(nginx.with, 1);
  for (const which of turns(pairs)) {
    const taken = await turn(nginx[which], seconds);
    run[which].push(taken);
    console.log(
      `${kind}, ${which}: ${taken.requestsPerSecond.toFixed(0)} requests/s, ${taken.cpu.toFixed(2)} µs each`,
    );
  }
  nginx.without.container.remove();
  nginx.with.container.remove();
  return run;
}
