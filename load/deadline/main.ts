/** `make bench-deadline`: slow requests among fast ones, and which side ends them. */

import { beginCommand } from '../rig/command';
import { describe, machine } from '../rig/machine';
import { PUBLISHED, publish, writeTo } from '../rig/publish';
import { setUp } from '../rig/set-up';
import { APP_IMAGE, measure, NGINX_IMAGE } from './measure';
import { publication } from './publication';
import type { Results } from './results';
import { help, isPublished, readSettings } from './settings';
import { page } from './table';
import { type Way, ways } from './ways';

beginCommand(help);
const settings = readSettings(process.env);
const out = process.env.OUT || 'dist/bench-deadline';
setUp([APP_IMAGE, NGINX_IMAGE]);

const results: Results = {
  taken: new Date().toISOString(),
  machine: machine(),
  settings,
  runs: [],
};
console.log(describe(results.taken, results.machine));
for (const way of Object.keys(ways) as Way[]) {
  console.log(`${ways[way]}: ${settings.seconds} s`);
  const run = await measure(way, settings);
  results.runs.push(run);
  console.log(
    `  ${run.fast.right} of ${run.fast.asked} fast requests right, p99 ${run.fast.p99} ms, ${run.busy.toFixed(1)} workers busy`,
  );
}
writeTo(out, publication(results));
console.log(`\n${page(results)}\nIn ${out}: ${Object.keys(publication(results).files).join(', ')}`);
if (isPublished(settings)) {
  publish(publication(results));
  console.log(`${PUBLISHED} has these figures now.`);
}
process.exit(0);
