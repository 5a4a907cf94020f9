/** `make bench-overhead`: the cost of the offload for requests that are not offloaded. */

import { beginCommand } from '../rig/command';
import { describe, machine } from '../rig/machine';
import { startNginx } from '../rig/nginx';
import { PUBLISHED, publish, writeTo } from '../rig/publish';
import { findReleases } from '../rig/releases';
import { TemporaryFolder } from '../rig/temporary-folder';
import { appConfiguration } from './configuration';
import { measure } from './measure';
import { publication } from './publication';
import type { Results } from './results';
import { LOAD_CPU, WRK_IMAGE } from './sample';
import { help, isPublished, readSettings } from './settings';
import { page } from './table';

beginCommand(help);
const settings = readSettings(process.env);
const { seconds, pairs, kinds } = settings;
const out = process.env.OUT || 'dist/bench-overhead';
const releases = findReleases(settings, [
  WRK_IMAGE,
  ...settings.releases.map((release) => `callgrind:${release}`),
]);

const results: Results = {
  taken: new Date().toISOString(),
  machine: machine(),
  seconds,
  runs: [],
};
console.log(describe(results.taken, results.machine));
for (const release of releases) {
  const folder = new TemporaryFolder(0o777);
  const app = await startNginx(folder.path, appConfiguration, {
    image: `nginx:${release.release}`,
    cpu: LOAD_CPU,
  });
  for (const kind of kinds) {
    results.runs.push(await measure({ release, kind, pairs, seconds }, folder.path));
    writeTo(out, publication(results)); // after each run, in case the next one fails
  }
  app.container.remove();
  folder.remove();
}

console.log(`\n${page(results)}\nIn ${out}: ${Object.keys(publication(results).files).join(', ')}`);
if (isPublished(settings)) {
  publish(publication(results));
  console.log(`${PUBLISHED} has these figures now.`);
}
process.exit(0);
