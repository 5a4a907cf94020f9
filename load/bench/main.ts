/**
 * `make bench`: each system of load/peers under the published load, one after the other. The
 * published load on all systems is what the README shows; any other is written to OUT alone.
 */

import { lengthOf } from '../client/lengths.js';
import { DEFAULT_OUT, help } from './help';
import { idealSeconds } from './ideal';
import { machine, versions } from './machine';
import { measure } from './measure';
import { isPublished, readParameters } from './parameters';
import { Progress } from './progress';
import { publish } from './publish';
import { answeredOf, type Results, type Run, wrongOf } from './results';
import { stopAll } from './serve';
import { setUp } from './set-up';
import { writeTo } from './write';

const out = process.env.OUT || DEFAULT_OUT;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => process.exit(130)); // runs what is to be done at the exit
}
process.on('exit', stopAll);

process.on('uncaughtException', (error) => {
  console.error(`\nerror: ${error.message}`);
  process.exit(1);
});

if (process.argv.includes('--help')) {
  console.log(help);
  process.exit(0);
}
const parameters = readParameters(process.env);
const { systems, connections, requests, jobMs, spreadsMs, limitMs } = parameters;
setUp(systems);

const runs: Run[] = [];
const about = { machine: machine(), versions: versions(systems) };
const soFar = (): Results => ({
  date: new Date().toISOString(),
  ...about,
  ...{ connections, requests, jobMs, limitMs, runs },
});
for (const spreadMs of spreadsMs) {
  const lengths = Array.from({ length: requests }, (_, at) => lengthOf(at, jobMs, spreadMs));
  const run: Run = { spreadMs, idealSeconds: idealSeconds(lengths, connections), outcomes: [] };
  runs.push(run);
  console.log(
    `\n${connections} connections, ${requests} requests of ${jobMs} ± ${spreadMs} ms: ${run.idealSeconds.toFixed(1)} s at best`,
  );
  for (const system of systems) {
    const progress = new Progress(system.name, requests);
    const load = { connections, requests, jobMs, spreadMs, limitMs };
    const outcome = await measure(system, load, (answered) => progress.tell(answered));
    run.outcomes.push(outcome);
    writeTo(out, soFar()); // what is measured stays, whatever becomes of the next system
    progress.end(
      `${answeredOf(outcome)} of ${requests} answered, ${wrongOf(outcome)} of them wrong, in ${outcome.wallSeconds.toFixed(2)} s`,
    );
  }
}

console.log(`\n${writeTo(out, soFar())}`);
if (isPublished(parameters)) {
  publish(soFar());
} else {
  console.log(`In ${out}: latest.json, table.md, table.svg`);
}
