/** One turn: a few seconds of requests as fast as nginx answers them. */

import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Container } from '../rig/container';
import type { Running } from '../rig/nginx';
import { cpuMicrosOf } from '../rig/usage';

export interface Turn {
  requestsPerSecond: number;
  /** ms */
  p99: number;
  /** Microseconds on a CPU, in nginx's code and in the kernel for it, for each request. */
  cpu: number;
  /** Share of the turn in which nginx's one worker process was on a CPU. */
  busy: number;
}

/** Not nginx's own; the app shares it where there are two. */
export const LOAD_CPU = availableParallelism() - 1;

export const WRK_IMAGE = 'wrk:trixie';

/** wrk: as many requests at the same time, each on a connection of its own that is kept. */
const CONNECTIONS = 16;

export async function turn(nginx: Running, seconds: number): Promise<Turn> {
  const [pid] = nginx.container.childPids();
  if (pid === undefined) {
    throw new Error('nginx has no worker process');
  }
  const before = cpuMicrosOf(pid);
  const said = await Container.run({
    image: WRK_IMAGE,
    cpu: LOAD_CPU,
    volumes: [[join(import.meta.dirname, 'report.lua'), '/report.lua:ro']],
    arguments: [
      ...['--threads', '1', '--connections', String(CONNECTIONS), '--duration', `${seconds}s`],
      ...['--script', '/report.lua', `http://127.0.0.1:${nginx.port}/`],
    ],
  });
  const cpu = cpuMicrosOf(pid) - before;
  const { requests, micros, p99Micros, errors } = JSON.parse(said.trim().split('\n').at(-1) ?? '');
  if (errors > 0 || requests === 0) {
    throw new Error(`wrk: ${errors} errors in ${requests} requests`);
  }
  return {
    requestsPerSecond: requests / (micros / 1e6),
    p99: p99Micros / 1000,
    cpu: cpu / requests,
    busy: cpu / micros,
  };
}
