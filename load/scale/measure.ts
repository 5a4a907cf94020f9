/** Measures one load level on one nginx: resources of nginx, and results of the clients. */

import { fork } from 'node:child_process';
import { join } from 'node:path';
import { call } from '../../testkit/client';
import { configuration, limitsConf } from '../../testkit/configuration';
import type { Release } from '../../testkit/nginx';
import { cpuMicrosOf, memoryWithShared, openFilesOf } from '../../testkit/processes';
import { sleep } from '../../testkit/until';
import { filledFile } from '../runner/fill';
import { onStage, type Running } from '../runner/stage';
import type { Message, Order, Outcome, Progress } from './clients';
import { addresses, availableMemory, type Level, type Limits } from './levels';

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

const APP_CONF = join(import.meta.dirname, 'app.conf');
/** Stops a level before the machine runs out of memory. */
const MIN_AVAILABLE_MEMORY = 1024 ** 3;
/** Until nginx has closed the last connections. */
const SETTLE_MS = 2000;

export class TooLarge extends Error {}

/** nginx is configured as in the README. */
export function measureLevel(
  { release, engine }: Release,
  level: Level,
  limits: Limits,
  name: string,
): Promise<Measured> {
  const { openFiles, workerProcesses, arrivals } = limits;
  return onStage(async (stage) => {
    const image = `nginx:${release}`;
    const app = await stage.nginx(
      (port) => filledFile(APP_CONF, { PORT: port, OPEN_FILES: openFiles }),
      {
        image,
        mounts: { '/srv/app.js:ro': join(import.meta.dirname, 'app.js') },
        openFiles,
      },
    );
    const limitsFile = stage.file('limits.conf', limitsConf([level.held, level.held]));
    const nginx = await stage.nginx(
      (port) =>
        configuration({
          ...{ port, appPort: app.port, engine, workerProcesses, workerConnections: openFiles },
          listen: 'backlog=65535',
          // longer than the longest job (levels.ts)
          server: 'set $offload_timeout 10m;',
        }),
      { image, openFiles, mounts: { '/etc/nginx/offload/limits.conf:ro': limitsFile } },
    );
    const order = {
      ...level,
      port: nginx.port,
      addresses: addresses(level.held, limits),
      arrivals,
    };
    return measure(order, nginx, app, name);
  });
}

async function measure(
  order: Order,
  nginx: Running,
  app: Running,
  name: string,
): Promise<Measured> {
  const pids = nginx.container.childPids();
  const appPids = app.container.childPids();
  const memory = { atRest: memoryWithShared(pids), peak: 0, after: 0 };
  const before = {
    cpu: cpuMicrosOf(pids),
    app: cpuMicrosOf(appPids),
    requests: await requestsOf(app),
  };
  let openFiles = 0;

  let progress: Progress = { asked: 0, answered: 0, wrong: {} };
  const started = Date.now();
  const stopping = new AbortController();
  const clients = runClients(order, stopping.signal, (latest) => {
    progress = latest;
  });
  // not on the clients' messages, which are late when all CPUs are busy
  const timer = setInterval(() => {
    memory.peak = Math.max(memory.peak, memoryWithShared(pids));
    openFiles = Math.max(openFiles, ...pids.map((pid) => openFilesOf([pid])));
    const grown = ((memory.peak - memory.atRest) / 2 ** 20).toFixed(0);
    console.log(`${name}: ${progress.asked} calls, ${progress.answered} responses, ${grown} MB`);
    if (availableMemory() < MIN_AVAILABLE_MEMORY) {
      stopping.abort(new TooLarge('less than 1 GB of memory is available on this machine'));
    }
  }, 1000);
  const outcome = await clients.finally(() => clearInterval(timer));
  const wallSeconds = (Date.now() - started) / 1000;
  await sleep(SETTLE_MS);
  memory.after = memoryWithShared(pids);
  return {
    ...outcome,
    ...{ memory, openFiles, wallSeconds },
    nginxCpuSeconds: (cpuMicrosOf(pids) - before.cpu) / 1e6,
    appCpuSeconds: (cpuMicrosOf(appPids) - before.app) / 1e6,
    // without the call of each client
    polls: (await requestsOf(app)) - before.requests - 1 - order.held,
  };
}

function runClients(
  order: Order,
  signal: AbortSignal,
  onProgress: (progress: Progress) => void,
): Promise<Outcome> {
  const child = fork(join(import.meta.dirname, 'clients.ts'), {
    execArgv: ['--import', 'tsx'],
    signal,
  });
  child.send(order);
  return new Promise((resolve, reject) => {
    child.on('message', (message: Message) =>
      'outcome' in message ? resolve(message.outcome) : onProgress(message.progress),
    );
    child.on('error', (error) => reject(signal.aborted ? signal.reason : error));
    child.on('exit', (code) => reject(new Error(`the clients' process exited with ${code}`)));
  });
}

/** Requests of the app so far, without this one. */
async function requestsOf(app: Running): Promise<number> {
  const { body } = await call(app.port, '/status');
  const requests = /^ \d+ \d+ (\d+) $/m.exec(body)?.[1];
  if (requests === undefined) {
    throw new Error(`stub_status of the app: ${body}`);
  }
  return Number(requests) - 1;
}
