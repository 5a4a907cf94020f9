/** Describes the machine of a benchmark, for its results. */

import { readFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';

export interface Machine {
  cores: number;
  cpu: string;
  memoryGiB: number;
  kernel: string;
  /** Load average (1 min) at the start: other work makes the figures worse. */
  loadBefore: number;
}

export function machine(): Machine {
  return {
    cores: cpus().length,
    cpu: cpus()[0]?.model ?? 'unknown',
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    loadBefore: Number(readFileSync('/proc/loadavg', 'utf8').split(' ')[0]),
  };
}

/** @param taken time of the start, ISO 8601 */
export function describe(taken: string, about: Machine): string {
  const { cores, cpu, memoryGiB, kernel, loadBefore } = about;
  return `${taken.slice(0, 10)}, ${cores} cores (${cpu}), ${memoryGiB} GiB, Linux ${kernel}, load ${loadBefore} before`;
}
