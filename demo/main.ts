/**
 * `make demo`: 200 simultaneous calls of 5 s of work to an app on 2 blocking workers: offloaded with
 * nothing known of the work, offloaded once more, and to a blocking route. Uses the installed nginx (no Docker) on an unprivileged
 * port, with a separate prefix.
 */

import { compare, type Offloaded } from './compare';
import { run } from './load';
import { down, up } from './processes';

const CALLS = 200;
const WORK_MS = 5000;
const CUT_OFF_MS = 15_000;
const WORKERS = 2;

const [command = 'up'] = process.argv.slice(2);

if (command === 'down') {
  console.log((await down()) ? 'The demo is down.' : 'The demo is not running.');
} else {
  if (await down()) {
    console.log('Stopped the running demo.');
  }
  const { url } = await up(WORKERS);
  console.log(
    `\n${CALLS} simultaneous calls, ${WORK_MS / 1000} s of work each, ${WORKERS} blocking workers\n`,
  );
  const offloaded = async (name: string): Promise<Offloaded> => {
    const outcome = await run(name, `${url}/job?length=${WORK_MS}`, CALLS, 60_000);
    const counts = await fetch(`${url}/counts`);
    const jobs = ((await counts.json()) as { polls: number[] }[]).slice(-CALLS);
    return { outcome, polls: jobs.reduce((sum, job) => sum + job.polls.length, 0) / jobs.length };
  };
  const first = await offloaded('offloaded');
  const learned = await offloaded('learned');
  const blocking = await run('blocking', `${url}/blocking?length=${WORK_MS}`, CALLS, CUT_OFF_MS);
  console.log(`\n${compare(first, learned, blocking, CUT_OFF_MS)}`);
  console.log(`nginx and the app are running. Try:

  time curl -i '${url}/job?length=3000'

Stop them with: make down`);
}
