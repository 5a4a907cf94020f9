/** `make bench-cache`: pages of a site for anonymous visitors, cached and not cached. */

import { beginCommand } from '../rig/command';
import { findK6 } from '../rig/k6';
import { describe, machine } from '../rig/machine';
import { PUBLISHED, publish, writeTo } from '../rig/publish';
import { findReleases } from '../rig/releases';
import { SettingError } from '../rig/settings';
import { ways } from './configuration';
import { APP_IMAGE, measure } from './measure';
import { publication } from './publication';
import type { Results } from './results';
import { help, isPublished, readSettings } from './settings';
import { page } from './table';

beginCommand(help);
const settings = readSettings(process.env);
const out = process.env.OUT || 'dist/bench-cache';
const [release] = findReleases(settings, [APP_IMAGE]);
if (release === undefined) {
  throw new SettingError(`no nginx of ${settings.releases.join(',')}`);
}
findK6();

const { releases: _, engine: __, ...load } = settings;
const results: Results = {
  taken: new Date().toISOString(),
  machine: machine(),
  nginx: release,
  ...load,
  outcomes: [],
};
console.log(describe(results.taken, results.machine));
for (const way of ways) {
  console.log(
    `${way}: ${settings.rate} pages per second for ${settings.seconds} s, then simultaneous reports`,
  );
  const outcome = await measure(way, settings, release);
  results.outcomes.push(outcome);
  writeTo(out, publication(results)); // after each run, in case the next one fails
  const { visited, crowd } = outcome;
  console.log(
    `${way}: ${visited.all.mean.toFixed(0)} ms on average, ${outcome.calls} pages generated, ${visited.wrong} wrong; ${crowd.jobs} jobs for ${settings.visitors} visitors`,
  );
}

console.log(`\n${page(results)}\nIn ${out}: ${Object.keys(publication(results).files).join(', ')}`);
if (isPublished(settings)) {
  publish(publication(results));
  console.log(`${PUBLISHED} and docs/cache.md have these figures now.`);
}
process.exit(0);
