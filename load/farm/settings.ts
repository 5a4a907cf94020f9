/** What `make bench-farm` is asked for. */

import { type Environment, wholeNumber, words } from '../rig/settings';
import type { Mix } from './arrivals';

export interface Settings extends Mix {
  release: string;
  /** Of each system, for work that blocks. */
  processes: number;
  /** Percent of what the processes can do. */
  load: number;
  seconds: number;
  /** For work that keeps the CPU busy. */
  cpuProcesses: number;
  threads: number;
  cpuMs: number;
  /** Percent of what the machine's cores can do. */
  cpuLoad: number;
  /** Of each system, in turns. */
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

export const help = `make bench-farm [NAME=VALUE]...: a farm of single-process backends beside a pool, docs/farm.md

  PROCESSES       of each system, for work that blocks (${DEFAULTS.processes})
  FAST            ms of a fast request (${DEFAULTS.fastMs})
  SLOW            ms of a slow one (${DEFAULTS.slowMs})
  SLOW_PERCENT    how many are slow (${DEFAULTS.slowPercent})
  LOAD            percent of what the processes can do (${DEFAULTS.load})
  SECONDS         all systems at the same time (${DEFAULTS.seconds})
  CPU_PROCESSES   of each system, for work that keeps the CPU busy (${DEFAULTS.cpuProcesses})
  THREADS         of each process of the pool that has threads (${DEFAULTS.threads})
  CPU_MS          of CPU time for a request (${DEFAULTS.cpuMs})
  CPU_LOAD        percent of what the machine's cores can do (${DEFAULTS.cpuLoad})
  CPU_SECONDS     of each system, in turns of 5 s (${DEFAULTS.cpuSeconds})
  OFFLOAD_MATRIX  one of bookworm, trixie, forky (${DEFAULTS.release})
  OUT             a folder for farm.json and farm.md (dist/bench-farm)

Only without settings but OUT, the figures go to load/results and docs/farm.md as well.`;

export function readSettings(env: Environment): Settings {
  const number = (name: string, otherwise: number) => wholeNumber(env, name, otherwise);
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
