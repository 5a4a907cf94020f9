/** What a benchmark ran on, for its results. */

import { readFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';

export interface Machine {
  cores: number;
  cpu: string;
  memoryGb: number;
  kernel: string;
  /** Load of the last minute as the benchmark began: other work makes figures worse. */
  loadBefore: number;
}

export function machine(): Machine {
  return {
    cores: cpus().length,
    cpu: cpus()[0]?.model ?? 'unknown',
    memoryGb: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    loadBefore: Number(readFileSync('/proc/loadavg', 'utf8').split(' ')[0]),
  };
}

export function describe({ cores, cpu, memoryGb, loadBefore }: Machine): string {
  return `${cores} cores (${cpu}), ${memoryGb} GB, load ${loadBefore} before`;
}
