/** Measures one system under one load: the responses, and the resources used. */

import { cpuSecondsOf, memoryOf } from '../rig/usage';
import { readCounts } from './counts';
import { type Load, run } from './published-load';
import type { Outcome } from './results';
import { type Serving, serve } from './serve';
import type { System } from './systems';

const MEMORY_INTERVAL_MS = 200;

/** @param onProgress called with the number of responses so far */
export async function measure(
  system: System,
  load: Load,
  onProgress: (answered: number) => void,
): Promise<Outcome> {
  const serving = await serve(system);
  try {
    const url = `http://127.0.0.1:${serving.ports.NGINX}/work?job={id}&length={length}`;
    if (load.earlier > 0) {
      // what a system learns from earlier jobs, it knows on all days but the first
      await run(
        url,
        { ...load, requests: load.earlier, connections: Math.min(load.earlier, load.connections) },
        () => onProgress(0),
      );
    }
    const workers = serving.nginx.childPids();
    const before = { counts: await readCounts(serving.ports.STATS), cpu: cpuOf(serving) };
    const memoryBefore = memoryOf(workers);
    let memory = memoryBefore;
    const sampling = setInterval(() => {
      memory = Math.max(memory, memoryOf(workers));
    }, MEMORY_INTERVAL_MS);
    const summary = await run(url, load, onProgress).finally(() => clearInterval(sampling));
    const cpu = cpuOf(serving);
    const counts = await readCounts(serving.ports.STATS);
    const { right, wrong, unfinished, wallSeconds, addedMs } = summary;
    return {
      system: system.name,
      title: system.title,
      wallSeconds,
      right,
      wrong,
      unfinished,
      addedMs,
      callsPerJob: (counts.calls - before.counts.calls) / (counts.jobs - before.counts.jobs),
      bytesPerHeld: (memory - memoryBefore) / load.connections,
      cpuSeconds: { nginx: cpu.nginx - before.cpu.nginx, app: cpu.app - before.cpu.app },
    };
  } finally {
    serving.stop();
  }
}

function cpuOf({ nginx, app }: Serving): { nginx: number; app: number } {
  return {
    nginx: cpuSecondsOf(nginx.pid()),
    app: app.reduce((sum, one) => sum + cpuSecondsOf(one.pid()), 0),
  };
}
