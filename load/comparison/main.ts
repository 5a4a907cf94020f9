/**
 * `make bench`: each system of peers/ under the published load, one after the other. The
 * published load on all systems is published in pages; any other is written to OUT alone.
 */

import { lengthOf } from '../client/lengths.js';
import { beginCommand } from '../rig/command';
import { findK6 } from '../rig/k6';
import { machine } from '../rig/machine';
import { PUBLISHED, publish, writeTo } from '../rig/publish';
import { setUp } from '../rig/set-up';
import { idealSeconds } from './ideal';
import { measure } from './measure';
import { Progress } from './progress';
import { publication } from './publication';
import { answeredOf, type Results, type Run, wrongOf } from './results';
import { help, isPublished, readSettings } from './settings';
import { APP_IMAGE } from './systems';
import { page } from './table';
import { versions } from './versions';

beginCommand(help);
const settings = readSettings(process.env);
const { systems, connections, requests, jobMs, spreadsMs, limitMs, earlier } = settings;
const out = process.env.OUT || 'dist/bench';
setUp([APP_IMAGE, ...systems.map(({ nginx }) => nginx)]);
findK6();

const results: Results = {
  taken: new Date().toISOString(),
  machine: machine(),
  versions: versions(systems),
  ...{ connections, requests, jobMs, limitMs, earlier },
  runs: [],
};
for (const spreadMs of spreadsMs) {
  const lengths = Array.from({ length: requests }, (_, at) => lengthOf(at, jobMs, spreadMs));
  const run: Run = { spreadMs, idealSeconds: idealSeconds(lengths, connections), outcomes: [] };
  results.runs.push(run);
  console.log(
    `\n${connections} connections, ${requests} requests of ${jobMs} ± ${spreadMs} ms: ${run.idealSeconds.toFixed(1)} s at best`,
  );
  for (const system of systems) {
    const progress = new Progress(system.name, requests);
    const load = { connections, requests, jobMs, spreadMs, limitMs, earlier };
    const outcome = await measure(system, load, (answered) => progress.update(answered));
    run.outcomes.push(outcome);
    writeTo(out, publication(results)); // after each system, in case the next one fails
    progress.finish(
      `${answeredOf(outcome)} of ${requests} answered, ${wrongOf(outcome)} of them wrong, in ${outcome.wallSeconds.toFixed(2)} s`,
    );
  }
}

console.log(`\n${page(results)}\nIn ${out}: ${Object.keys(publication(results).files).join(', ')}`);
if (isPublished(settings)) {
  publish(publication(results));
  console.log(`${PUBLISHED}, the README and docs/benchmark.md have these figures now.`);
}
