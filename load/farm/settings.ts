/** Settings of `make bench-farm`. */

import { type Environment, wholeNumber, words } from '../rig/settings';
import type { Mix } from './arrivals';

export interface Settings extends Mix {
  release: string;
  /** Processes of each system, for blocking work. */
  processes: number;
  /** Load, in percent of the capacity of the processes. */
  load: number;
  seconds: number;
  /** Processes of each system, for CPU-bound work. */
  cpuProcesses: number;
  threads: number;
  cpuMs: number;
  /** Load, in percent of the capacity of the machine's cores. */
  cpuLoad: number;
  /** Duration for each system, in rounds. */
  cpuSeconds: number;
}

export const DEFAULTS: Settings = {
  release: 'trixie',
  processes: 8,
  fastMs: 5,
  slowMs: 500,
  slowPercent: 10,
  load: 60,
  seconds: 90,
  cpuProcesses: 4,
  threads: 10,
  cpuMs: 10,
  cpuLoad: 40,
  cpuSeconds: 40,
};

export const help = `make bench-farm [NAME=VALUE]...: a farm of single-process backends compared with a pool, docs/farm.md

  PROCESSES       of each system, for blocking work (${DEFAULTS.processes})
  FAST            ms of work of a fast request (${DEFAULTS.fastMs})
  SLOW            ms of work of a slow request (${DEFAULTS.slowMs})
  SLOW_PERCENT    percentage of slow requests (${DEFAULTS.slowPercent})
  LOAD            percent of the capacity of the processes (${DEFAULTS.load})
  SECONDS         duration, for all systems at the same time (${DEFAULTS.seconds})
  CPU_PROCESSES   of each system, for CPU-bound work (${DEFAULTS.cpuProcesses})
  THREADS         of each process of the pool with threads (${DEFAULTS.threads})
  CPU_MS          CPU time of a request in ms (${DEFAULTS.cpuMs})
  CPU_LOAD        percent of the capacity of the machine's cores (${DEFAULTS.cpuLoad})
  CPU_SECONDS     duration for each system, in rounds of 5 s (${DEFAULTS.cpuSeconds})
  OFFLOAD_MATRIX  one of bookworm, trixie, forky (${DEFAULTS.release})
  OUT             the folder for farm.json and farm.md (dist/bench-farm)

With the default settings, the figures are also written to load/results and docs/farm.md.`;

export function readSettings(env: Environment): Settings {
  const number = (name: string, fallback: number) => wholeNumber(env, name, fallback);
  return {
    release: words(env, 'OFFLOAD_MATRIX')?.join(',') ?? DEFAULTS.release,
    processes: number('PROCESSES', DEFAULTS.processes),
    fastMs: number('FAST', DEFAULTS.fastMs),
    slowMs: number('SLOW', DEFAULTS.slowMs),
    slowPercent: number('SLOW_PERCENT', DEFAULTS.slowPercent),
    load: number('LOAD', DEFAULTS.load),
    seconds: number('SECONDS', DEFAULTS.seconds),
    cpuProcesses: number('CPU_PROCESSES', DEFAULTS.cpuProcesses),
    threads: number('THREADS', DEFAULTS.threads),
    cpuMs: number('CPU_MS', DEFAULTS.cpuMs),
    cpuLoad: number('CPU_LOAD', DEFAULTS.cpuLoad),
    cpuSeconds: number('CPU_SECONDS', DEFAULTS.cpuSeconds),
  };
}

export function isPublished(settings: Settings): boolean {
  return JSON.stringify(settings) === JSON.stringify(DEFAULTS);
}
