/** Measures one load level on one nginx: resources of nginx, and results of the clients. */

import { fork } from 'node:child_process';
import { join } from 'node:path';
import { openFilesOf } from '../../testkit/processes';
import { sleep } from '../../testkit/until';
import { onExit } from '../rig/on-exit';
import { cpuMicrosOf, memoryOf } from '../rig/usage';
import type { PollApp } from './app';
import type { Message, Order, Outcome, Progress } from './clients';
import { availableMemory } from './limits';

export interface Measured extends Outcome {
  /** Bytes of nginx's worker processes, shared memory counted once: before, at the peak, afterwards. */
  memory: { atRest: number; peak: number; after: number };
  /** CPU seconds of nginx's worker processes, and of the app. */
  nginxCpuSeconds: number;
  appCpuSeconds: number;
  /** From the first call to the last response. */
  wallSeconds: number;
  polls: number;
  /** The largest number of open files of a worker process. */
  openFiles: number;
}

/** Stops a level before the machine runs out of memory. */
const MIN_AVAILABLE_MEMORY = 1024 ** 3;

/** Until nginx has closed the last connections. */
const SETTLE_MS = 2000;

export class TooLarge extends Error {}

/** @param pids of nginx's worker processes */
export async function measure(
  order: Order,
  app: PollApp,
  pids: number[],
  report: (progress: Progress, bytes: number) => void,
): Promise<Measured> {
  const cpu = () => pids.reduce((sum, pid) => sum + cpuMicrosOf(pid), 0) / 1e6;
  const memory = { atRest: memoryOf(pids), peak: 0, after: 0 };
  const before = { cpu: cpu(), appCpu: app.cpu(), requests: await app.requests() };
  let openFiles = 0;

  let progress: Progress = { asked: 0, answered: 0, wrong: {} };
  const started = Date.now();
  const clients = startClients(order, (latest) => {
    progress = latest;
  });
  // not on the clients' messages, which are late when all CPUs are busy
  const timer = setInterval(() => {
    memory.peak = Math.max(memory.peak, memoryOf(pids));
    openFiles = Math.max(openFiles, ...pids.map((pid) => openFilesOf([pid])));
    report(progress, memory.peak - memory.atRest);
    if (availableMemory() < MIN_AVAILABLE_MEMORY) {
      clients.stop(new TooLarge('less than 1 GB of memory is available on this machine'));
    }
  }, 1000);
  const outcome = await clients.outcome.finally(() => clearInterval(timer));
  const wallSeconds = (Date.now() - started) / 1000;
  await sleep(SETTLE_MS);
  memory.after = memoryOf(pids);
  return {
    ...outcome,
    memory,
    openFiles,
    wallSeconds,
    nginxCpuSeconds: cpu() - before.cpu,
    appCpuSeconds: (app.cpu() - before.appCpu) / 1e6,
    // without the call of each client
    polls: (await app.requests()) - before.requests - 1 - order.held,
  };
}

interface Clients {
  outcome: Promise<Outcome>;
  stop(reason: Error): void;
}

function startClients(order: Order, onProgress: (progress: Progress) => void): Clients {
  const child = fork(join(import.meta.dirname, 'clients.ts'), { execArgv: ['--import', 'tsx'] });
  const unregister = onExit(() => child.kill());
  child.on('exit', unregister);
  child.send(order);
  let stop: Clients['stop'] = () => {};
  const outcome = new Promise<Outcome>((resolve, reject) => {
    stop = (reason) => {
      child.kill();
      reject(reason);
    };
    child.on('message', (message: Message) =>
      'outcome' in message ? resolve(message.outcome) : onProgress(message.progress),
    );
    child.on('exit', (code) => reject(new Error(`the clients' process exited with ${code}`)));
  });
  return { outcome, stop };
}
