/** What processes use of the machine, as /proc has it: CPU time and memory. */

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { memoryOf as ownMemoryOf } from '../../test/harness/processes';

/** Of /proc/PID/stat: utime, stime, and both of the children that have ended. */
const TIMES = [11, 12, 13, 14];

let ticksASecond = 0;

/** CPU seconds of a process, with all its threads, and of all below it: since they were started. */
export function cpuSecondsOf(root: number): number {
  ticksASecond ||= Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
  const ticks = familyOf(root).reduce((sum, pid) => sum + ticksOf(pid), 0);
  return ticks / ticksASecond;
}

/**
 * Microseconds that a process with one thread was on a CPU, in its own code and in the kernel
 * for it: by the scheduler's clock, which is finer than the ticks of /proc/PID/stat.
 */
export function cpuMicrosOf(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1000;
}

/** Bytes of the processes' own, and what they share beside files, once. */
export function memoryOf(pids: number[]): number {
  return ownMemoryOf(pids) + Math.max(...pids.map(sharedMemoryOf));
}

export function childrenOf(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return children === '' ? [] : children.split(' ').map(Number);
}

function familyOf(pid: number): number[] {
  return [pid, ...childrenOf(pid).flatMap(familyOf)];
}

function ticksOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // behind the name, which may have spaces in it
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return TIMES.reduce((sum, at) => sum + Number(fields[at]), 0);
}

function sharedMemoryOf(pid: number): number {
  const [, kb] = /^RssShmem:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kb) * 1024;
}
