/** One crowd, held by one nginx: what it took, and what the clients saw of it. */

import { fork } from 'node:child_process';
import { join } from 'node:path';
import { openFilesOf } from '../../test/harness/processes';
import { sleep } from '../../test/harness/until';
import { atTheEnd } from '../rig/at-the-end';
import { cpuMicrosOf, memoryOf } from '../rig/usage';
import type { PollApp } from './app';
import type { Message, Order, Outcome, Progress } from './clients';
import { memoryLeft } from './limits';

export interface Measured extends Outcome {
  /** Bytes of nginx's worker processes, with what they share once: before, most, and after all. */
  memory: { atRest: number; peak: number; after: number };
  /** Seconds on a CPU: of nginx's worker processes, and of the app. */
  nginxCpuSeconds: number;
  appCpuSeconds: number;
  /** From the first call to the last answer. */
  wallSeconds: number;
  polls: number;
  /** Most open files of one worker process. */
  openFiles: number;
}

/** The machine must not be brought down by a crowd that is too large for it. */
const MEMORY_TO_LEAVE = 1024 ** 3;

/** Until nginx has closed what it had open for the last of them. */
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
  const before = { cpu: cpu(), appCpu: app.cpu(), asked: await app.asked() };
  let openFiles = 0;

  let progress: Progress = { asked: 0, answered: 0, wrong: {} };
  const started = Date.now();
  const crowd = startClients(order, (latest) => {
    progress = latest;
  });
  // by a clock of its own: where the CPUs are all taken, the clients are late to tell
  const timer = setInterval(() => {
    memory.peak = Math.max(memory.peak, memoryOf(pids));
    openFiles = Math.max(openFiles, ...pids.map((pid) => openFilesOf([pid])));
    report(progress, memory.peak - memory.atRest);
    if (memoryLeft() < MEMORY_TO_LEAVE) {
      crowd.stop(new TooLarge('less than 1 GB of memory is left on this machine'));
    }
  }, 1000);
  const outcome = await crowd.outcome.finally(() => clearInterval(timer));
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
    // one request of each client was the call
    polls: (await app.asked()) - before.asked - 1 - order.held,
  };
}

interface Clients {
  outcome: Promise<Outcome>;
  stop(why: Error): void;
}

function startClients(order: Order, onProgress: (progress: Progress) => void): Clients {
  const child = fork(join(import.meta.dirname, 'clients.ts'), { execArgv: ['--import', 'tsx'] });
  const takeBack = atTheEnd(() => child.kill());
  child.on('exit', takeBack);
  child.send(order);
  let stop: Clients['stop'] = () => {};
  const outcome = new Promise<Outcome>((resolve, reject) => {
    stop = (why) => {
      child.kill();
      reject(why);
    };
    child.on('message', (message: Message) =>
      'outcome' in message ? resolve(message.outcome) : onProgress(message.progress),
    );
    child.on('exit', (code) => reject(new Error(`the clients ended with ${code}`)));
  });
  return { outcome, stop };
}
