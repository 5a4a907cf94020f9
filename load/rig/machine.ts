/** What a benchmark ran on, for its results. */

import { readFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';

export interface Machine {
  cores: number;
  cpu: string;
  memoryGiB: number;
  kernel: string;
  /** Load of the last minute as the benchmark began: other work makes figures worse. */
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

/** @param taken when, ISO 8601 */
export function describe(taken: string, about: Machine): string {
  const { cores, cpu, memoryGiB, kernel, loadBefore } = about;
  return `${taken.slice(0, 10)}, ${cores} cores (${cpu}), ${memoryGiB} GiB, Linux ${kernel}, load ${loadBefore} before`;
}
