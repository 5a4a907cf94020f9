/** One sample: some seconds of requests at the highest rate that nginx can serve. */

import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Container } from '../rig/container';
import type { Running } from '../rig/nginx';
import { cpuMicrosOf } from '../rig/usage';

export interface Sample {
  requestsPerSecond: number;
  /** ms */
  p99: number;
  /** CPU time (user and system) of nginx per request, in microseconds. */
  cpu: number;
  /** CPU utilization of nginx's worker process, from 0 to 1. */
  busy: number;
}

/** The CPU of the load generator and of the app; nginx runs on CPU 0. */
export const LOAD_CPU = availableParallelism() - 1;

export const WRK_IMAGE = 'wrk:trixie';

/** Keepalive connections of wrk, each with one request at a time. */
const CONNECTIONS = 16;

export async function sample(nginx: Running, seconds: number): Promise<Sample> {
  const [pid] = nginx.container.childPids();
  if (pid === undefined) {
    throw new Error('nginx has no worker process');
  }
  const before = cpuMicrosOf(pid);
  const output = await Container.run({
    image: WRK_IMAGE,
    cpu: LOAD_CPU,
    volumes: [[join(import.meta.dirname, 'report.lua'), '/report.lua:ro']],
    arguments: [
      ...['--threads', '1', '--connections', String(CONNECTIONS), '--duration', `${seconds}s`],
      ...['--script', '/report.lua', `http://127.0.0.1:${nginx.port}/`],
    ],
  });
  const cpu = cpuMicrosOf(pid) - before;
  const { requests, micros, p99Micros, errors } = JSON.parse(
    output.trim().split('\n').at(-1) ?? '',
  );
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
