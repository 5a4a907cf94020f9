/** Measures a system under the load of load/published.js: its answers, calls, memory and CPU time. */

import { sum } from 'simple-statistics';
import { cpuSecondsOf, memoryWithShared, treeOf } from '../../testkit/machines/processes';
import { type Published, runK6 } from './k6';
import { progress } from './progress';
import { type Serving, serve } from './serve';
import { onStage } from './stage';
import type { System } from './system';

/** Variables of load/published.js; times in ms. */
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
  /** Growth of nginx's memory at the peak, per connection. */
  bytesPerHeld: number;
  /** The same of all other processes; results of older versions lack it. */
  appBytesPerHeld?: number;
  cpuSeconds: Usage;
}

interface Usage {
  nginx: number;
  app: number;
}

/** k6's exit codes for a complete run, and for one interrupted at the limit. */
const VALID_EXIT_CODES = [0, 105];
const MEMORY_INTERVAL_MS = 200;

/** Starts the system and ends it; an error has the output of its containers. */
export function measure(system: System, load: Load): Promise<Outcome> {
  return onStage(async (stage) => {
    const serving = await serve(system, stage);
    // before the earlier jobs, whose memory is kept for the next
    const processes = {
      nginx: serving.nginx.childPids(),
      app: Object.values(serving.named).map((container) => container.pid()),
    };
    const before = memoryOf(processes);
    if (load.EARLIER > 0) {
      // what a system learns from earlier jobs, it knows on all days but the first
      const CONNECTIONS = Math.min(load.EARLIER, load.CONNECTIONS);
      await send(system, serving, { ...load, CONNECTIONS, REQUESTS: load.EARLIER });
    }
    const started = { counts: await serving.counts(), cpu: cpuOf(serving) };
    const peak = { ...before };
    const sampling = setInterval(() => {
      const memory = memoryOf(processes, peak);
      peak.nginx = Math.max(peak.nginx, memory.nginx);
      peak.app = Math.max(peak.app, memory.app);
    }, MEMORY_INTERVAL_MS);
    const figures = await send(system, serving, load).finally(() => clearInterval(sampling));
    const cpu = cpuOf(serving);
    const counts = await serving.counts();
    const { right, wrong, unfinished, wallSeconds, addedMs } = figures;
    return {
      ...{ system: system.name, title: system.title },
      ...{ wallSeconds, right, wrong, unfinished, addedMs },
      callsPerJob: (counts.calls - started.counts.calls) / (counts.jobs - started.counts.jobs),
      bytesPerHeld: (peak.nginx - before.nginx) / load.CONNECTIONS,
      appBytesPerHeld: (peak.app - before.app) / load.CONNECTIONS,
      cpuSeconds: { nginx: cpu.nginx - started.cpu.nginx, app: cpu.app - started.cpu.app },
    };
  });
}

/** load/published.js, with a time limit. */
async function send(system: System, { port }: Serving, load: Load): Promise<Published> {
  const { CONNECTIONS, REQUESTS, JOB, SPREAD, RATE } = load;
  const { exitCode, figures, output } = await runK6('load/published.js', {
    env: {
      URL: `http://127.0.0.1:${port}/work?job={id}&length={length}`,
      CONNECTIONS: String(CONNECTIONS),
      REQUESTS: String(REQUESTS),
      JOB: `${JOB}ms`,
      SPREAD: `${SPREAD}ms`,
      ...(RATE === undefined ? {} : { RATE: String(RATE) }),
      // longer than nginx's timeout of 60 s, so that clients get its 504
      TIMEOUT: `${Math.max(90_000, JOB + SPREAD + 60_000)}ms`,
      // wrong responses are counted, not a failure
      RIGHT: '0%',
    },
    limitMs: load.LIMIT,
    onOutput: (text) => {
      const [, complete] = /, (\d+) complete and/.exec(text) ?? [];
      if (complete !== undefined) {
        progress(`${system.name}: ${complete} of ${REQUESTS} answered`);
      }
    },
  });
  if (!VALID_EXIT_CODES.includes(exitCode)) {
    throw new Error(`k6 exited with ${exitCode}:\n${output}`);
  }
  return figures;
}

function cpuOf({ nginx, named }: Serving): Usage {
  return {
    nginx: cpuSecondsOf(nginx.pid()),
    app: sum(Object.values(named).map((container) => cpuSecondsOf(container.pid()))),
  };
}

/**
 * Bytes of nginx's worker processes, and of the app's processes with all their descendants.
 *
 * @param last returned if a process ends meanwhile, such as one that Redis forks
 */
function memoryOf(pids: { nginx: number[]; app: number[] }, last?: Usage): Usage {
  try {
    return {
      nginx: memoryWithShared(pids.nginx),
      app: sum(pids.app.map((root) => memoryWithShared(treeOf(root)))),
    };
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (last !== undefined && ['ENOENT', 'ESRCH'].includes(code)) {
      return last;
    }
    throw error;
  }
}
