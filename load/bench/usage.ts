/** What processes use of the machine, as /proc has it. */

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Of /proc/PID/stat: utime, stime, and both of the children that have ended. */
const TIMES = [11, 12, 13, 14];

let ticksASecond = 0;

/** CPU seconds of a process and of all below it, since they were started. */
export function cpuSecondsOf(root: number): number {
  ticksASecond ||= Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
  const ticks = familyOf(root).reduce((sum, pid) => sum + ticksOf(pid), 0);
  return ticks / ticksASecond;
}

/** Bytes of the processes' own, and what they share beside files, once. */
export function memoryOf(pids: number[]): number {
  const statuses = pids.map((pid) => readFileSync(`/proc/${pid}/status`, 'utf8'));
  const own = statuses.map((status) => kilobytes(status, 'RssAnon'));
  const shared = statuses.map((status) => kilobytes(status, 'RssShmem'));
  return (own.reduce((sum, kb) => sum + kb, 0) + Math.max(...shared)) * 1024;
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

function kilobytes(status: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]);
}
