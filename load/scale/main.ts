/** `make bench-scale`: what held clients cost nginx, and how late they are. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configuration } from '../../test/harness/configuration';
import type { Release } from '../../test/harness/nginx';
import { describe, machine } from '../machine';
import { sharedFolder, startNginx } from '../nginx';
import { chosenReleases } from '../releases';
import { choice, number, numbers, SettingError, sayPlainly } from '../setting';
import { PollApp } from './app';
import { type Measured, measure, TooLarge } from './crowd';
import { addresses, type Limits, mostHeld, whyNot } from './fits';
import { openFiles, ports } from './limits';
import { type Crowd, plan } from './plan';
import type { Results } from './results';
import { table } from './table';
import { writeTables } from './write';

if (process.argv.includes('--help')) {
  console.log(`What held clients cost nginx: docs/scale.md

  HELD=2000,5000         clients that are held at the same time
  SECONDS=10,60          length of the jobs that they wait for
  OFFLOAD_MATRIX=forky   bookworm, trixie, forky; several with commas between
  ENGINE=njs             or qjs; both unless given
  RATE=2000              clients that arrive in a second
  WORKERS=2              worker processes of nginx
  RESULTS=load/results   where scale.json goes, and scale.md

Without HELD and SECONDS: 1000 to 10,000 clients for 10 s, and 2000 for 10 to 300 s.`);
  process.exit(0);
}

sayPlainly();

const crowds = plan(numbers('HELD'), numbers('SECONDS'));
const limits: Limits = {
  openFiles: openFiles(),
  ports: ports(),
  workerProcesses: number('WORKERS', 2),
  arrivals: number('RATE', 2000),
};
const resultsFolder = process.env.RESULTS || 'load/results';

console.log(
  `A process may have ${limits.openFiles} open files: with ${limits.workerProcesses} worker processes, at most ${mostHeld(limits)} held clients`,
);
const leftOut = crowds.flatMap((crowd) => whyNot(crowd, limits) ?? []);
for (const reason of leftOut) {
  console.log(`Left out: ${reason}`);
}
const fitting = crowds.filter((crowd) => whyNot(crowd, limits) === undefined);
if (fitting.length === 0) {
  throw new SettingError('Nothing is left to measure');
}

const releases = chosenReleases('forky', choice('ENGINE', ['njs', 'qjs']));
const results: Results = {
  taken: new Date().toISOString(),
  machine: machine(),
  limits,
  leftOut,
  runs: [],
};
console.log(describe(results.machine));
for (const release of releases) {
  for (const crowd of fitting) {
    try {
      results.runs.push({ ...release, ...crowd, measured: await hold(release, crowd) });
    } catch (error) {
      if (!(error instanceof TooLarge)) {
        throw error;
      }
      const reason = `${nameOf(release, crowd)}: ${error.message}`;
      console.log(`Left out: ${reason}`);
      results.leftOut.push(reason);
    }
  }
}
writeFileSync(join(resultsFolder, 'scale.json'), `${JSON.stringify(results, undefined, 2)}\n`);
console.log(`\n${table(results)}\nWritten: ${writeTables(resultsFolder).join(', ')}`);
const wrong = results.runs.filter(({ measured }) => Object.keys(measured.wrong).length > 0);
for (const run of wrong) {
  console.error(`${nameOf(run, run)}: wrong answers: ${JSON.stringify(run.measured.wrong)}`);
}
process.exit(wrong.length === 0 ? 0 : 1);

async function hold(release: Release, crowd: Crowd): Promise<Measured> {
  const folder = sharedFolder();
  const app = await PollApp.start(release.release, folder, limits.openFiles);
  const nginx = await startNginx(
    folder,
    (port) =>
      configuration({
        port,
        appPort: app.port,
        engine: release.engine,
        workerProcesses: limits.workerProcesses,
        workerConnections: limits.openFiles,
        listen: 'backlog=65535',
        server: 'set $offload_timeout 10m;',
      }),
    { image: `offload-nginx:${release.release}`, openFiles: limits.openFiles },
    [crowd.held, crowd.held],
  );
  try {
    return await measure(
      {
        ...crowd,
        port: nginx.port,
        addresses: addresses(crowd.held, limits),
        arrivals: limits.arrivals,
      },
      app,
      nginx.container.childPids(),
      ({ asked, answered }, bytes) =>
        console.log(
          `${nameOf(release, crowd)}: ${asked} asked, ${answered} answered, ${(bytes / 2 ** 20).toFixed(0)} MB`,
        ),
    );
  } finally {
    nginx.container.remove();
    app.stop();
  }
}

function nameOf(release: Release, crowd: Crowd): string {
  return `${release.engine} on nginx ${release.nginx}, ${crowd.held} for ${crowd.seconds} s`;
}
