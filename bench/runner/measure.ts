/** Measures a system under the load of load/published.ts: its answers, calls, memory and CPU time. */

import { sum } from 'simple-statistics';
import { type Published, runK6 } from '../../testkit/clients/k6';
import { peakOf } from '../../testkit/machines/memory';
import { cpuSecondsOf, memoryWithShared, treeOf } from '../../testkit/machines/processes';
import { serve } from './serve';
import { onStage } from './stage';
import type { System } from './system';

/** Variables of load/published.ts; times in ms. */
export interface Load {
  CONNECTIONS: number;
  REQUESTS: number;
  JOB: number;
  SPREAD: number;
  /** New clients per second; default: all at once. */
  RATE?: number;
  /** After which it is stopped. */
  LIMIT: number;
  /** Jobs before those that are measured. */
  EARLIER: number;
}

export interface Outcome
  extends Pick<Published, 'right' | 'wrong' | 'unfinished' | 'wallSeconds' | 'addedMs'> {
  system: string;
  title: string;
  /** Requests to the app per slow call. */
  callsPerJob: number;
  /** Growth of nginx's memory at the peak, per connection; and of all other processes. */
  bytesPerHeld: number;
  appBytesPerHeld: number;
  cpuSeconds: { nginx: number; app: number };
}

/** k6's exit codes for a complete run, and for one interrupted at the limit. */
const VALID_EXIT_CODES = [0, 105];
const MEMORY_INTERVAL_MS = 200;
const PROGRESS_INTERVAL_MS = 5000;

/** Starts the system and ends it; an error has the output of its containers. */
export function measure(system: System, load: Load): Promise<Outcome> {
  return onStage(async (stage) => {
    const { nginx, named, port, counts } = await serve(system, stage);
    const apps = Object.values(named).map((container) => container.pid());
    const workers = nginx.childPids();
    const memory = {
      nginx: peakOf(() => memoryWithShared(workers)),
      app: peakOf(() => sum(apps.map((root) => memoryWithShared(treeOf(root))))),
    };
    if (load.EARLIER > 0) {
      // what a system learns from earlier jobs, it knows on all days but the first
      const CONNECTIONS = Math.min(load.EARLIER, load.CONNECTIONS);
      await send(system, port, { ...load, CONNECTIONS, REQUESTS: load.EARLIER });
    }
    const usage = async () => ({
      ...(await counts()),
      nginx: cpuSecondsOf(nginx.pid()),
      app: sum(apps.map(cpuSecondsOf)),
    });
    const before = await usage();
    const sampling = setInterval(() => {
      memory.nginx.sample();
      memory.app.sample();
    }, MEMORY_INTERVAL_MS);
    const figures = await send(system, port, load).finally(() => clearInterval(sampling));
    const after = await usage();
    const { right, wrong, unfinished, wallSeconds, addedMs } = figures;
    return {
      ...{ system: system.name, title: system.title },
      ...{ wallSeconds, right, wrong, unfinished, addedMs },
      callsPerJob: (after.calls - before.calls) / (after.jobs - before.jobs),
      bytesPerHeld: memory.nginx.growth() / load.CONNECTIONS,
      appBytesPerHeld: memory.app.growth() / load.CONNECTIONS,
      cpuSeconds: { nginx: after.nginx - before.nginx, app: after.app - before.app },
    };
  });
}

/** load/published.ts, with a time limit. */
async function send(system: System, port: number, load: Load): Promise<Published> {
  const { CONNECTIONS, REQUESTS, JOB, SPREAD, RATE } = load;
  let said = 0;
  const { exitCode, figures, output } = await runK6('load/published.ts', {
    env: {
      URL: `http://127.0.0.1:${port}/work?job={id}&length={length}`,
      ...{ CONNECTIONS: `${CONNECTIONS}`, REQUESTS: `${REQUESTS}` },
      ...{ JOB: `${JOB}ms`, SPREAD: `${SPREAD}ms` },
      ...(RATE === undefined ? {} : { RATE: `${RATE}` }),
      // longer than nginx's timeout of 60 s, so that clients get its 504
      TIMEOUT: `${Math.max(90_000, JOB + SPREAD + 60_000)}ms`,
      // wrong responses are counted, not a failure
      RIGHT: '0%',
    },
    limitMs: load.LIMIT,
    onOutput: (text) => {
      const [, complete] = /, (\d+) complete and/.exec(text) ?? [];
      if (complete !== undefined && Date.now() > said + PROGRESS_INTERVAL_MS) {
        said = Date.now();
        console.log(`${system.name}: ${complete} of ${REQUESTS} answered`);
      }
    },
  });
  if (!VALID_EXIT_CODES.includes(exitCode)) {
    throw new Error(`k6 exited with ${exitCode}:\n${output}`);
  }
  return figures;
}
