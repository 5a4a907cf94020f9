/** CPU time and memory of processes, from /proc. */

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { memoryOf as ownMemoryOf } from '../../testkit/processes';

/** Fields of /proc/PID/stat: utime, stime, cutime, cstime. */
const TIMES = [11, 12, 13, 14];

let ticksPerSecond = 0;

/** CPU seconds of a process and its descendants, with all threads, since their start. */
export function cpuSecondsOf(root: number): number {
  ticksPerSecond ||= Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
  const ticks = treeOf(root).reduce((sum, pid) => sum + ticksOf(pid), 0);
  return ticks / ticksPerSecond;
}

/**
 * CPU time of a single-threaded process in microseconds, user and system, by the scheduler's clock,
 * which has a higher resolution than /proc/PID/stat.
 */
export function cpuMicrosOf(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1000;
}

/** Bytes of private memory, plus the shared memory without files, counted once. */
export function memoryOf(pids: number[]): number {
  return ownMemoryOf(pids) + Math.max(...pids.map(sharedMemoryOf));
}

export function childrenOf(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return children === '' ? [] : children.split(' ').map(Number);
}

function treeOf(pid: number): number[] {
  return [pid, ...childrenOf(pid).flatMap(treeOf)];
}

function ticksOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // after the name, which may contain spaces
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return TIMES.reduce((sum, at) => sum + Number(fields[at]), 0);
}

function sharedMemoryOf(pid: number): number {
  const [, kb] = /^RssShmem:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kb) * 1024;
}
