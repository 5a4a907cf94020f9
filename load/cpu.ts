import { readFileSync } from 'node:fs';

/**
 * Microseconds that a process with one thread was on a CPU, in its own code and in the kernel
 * for it: by the scheduler's clock, which is finer than the ticks of /proc/PID/stat.
 */
export function cpuMicros(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1000;
}
