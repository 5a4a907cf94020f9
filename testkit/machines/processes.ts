/** Memory, CPU time and open files of processes, from /proc. */

import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { childrenOf } from './container';

/** Fields of /proc/PID/stat: utime, stime, cutime, cstime. */
const TIMES = [11, 12, 13, 14];

let ticksPerSecond = 0;

/** Private anonymous memory in bytes, the sum of all processes. */
export function memoryOf(pids: number[]): number {
  return sum(pids, (pid) => statusOf(pid, 'RssAnon'));
}

/** The same plus shared memory without files, counted once. */
export function memoryWithShared(pids: number[]): number {
  return memoryOf(pids) + Math.max(...pids.map((pid) => statusOf(pid, 'RssShmem')));
}

/** Growth in bytes that is not a leak; in QuickJS, each reused context keeps garbage. */
export const LEAK_TOLERANCE = { njs: 2 * 1024 * 1024, qjs: 8 * 1024 * 1024 };

export function openFilesOf(pids: number[]): number {
  return sum(pids, (pid) => readdirSync(`/proc/${pid}/fd`).length);
}

/** CPU seconds of a process and its descendants, with all threads, since their start. */
export function cpuSecondsOf(root: number): number {
  ticksPerSecond ||= Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
  return sum(treeOf(root), ticksOf) / ticksPerSecond;
}

/**
 * CPU microseconds of single-threaded processes, user and system, by the scheduler's clock, which has a
 * higher resolution than /proc/PID/stat.
 */
export function cpuMicrosOf(pids: number[]): number {
  return (
    sum(pids, (pid) => Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0])) / 1000
  );
}

/** It and its descendants. */
export function treeOf(pid: number): number[] {
  return [pid, ...childrenOf(pid).flatMap(treeOf)];
}

function ticksOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // after the name, which may contain spaces
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return sum(TIMES, (at) => Number(fields[at]));
}

function statusOf(pid: number, field: string): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const [, kb] = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status) ?? [];
  return Number(kb) * 1024;
}

function sum(all: number[], of: (each: number) => number): number {
  return all.reduce((total, each) => total + of(each), 0);
}
