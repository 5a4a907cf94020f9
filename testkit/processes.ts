/** Memory and open files of processes. */

import { readdirSync, readFileSync } from 'node:fs';

/** Private anonymous memory in bytes, the sum of all processes. */
export function memoryOf(pids: number[]): number {
  return sum(pids, (pid) => {
    const [, kb] = /RssAnon:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(kb) * 1024;
  });
}

/** Growth in bytes that is not a leak; in QuickJS, each reused context keeps garbage. */
export const LEAK_TOLERANCE = { njs: 2 * 1024 * 1024, qjs: 8 * 1024 * 1024 };

export function openFilesOf(pids: number[]): number {
  return sum(pids, (pid) => readdirSync(`/proc/${pid}/fd`).length);
}

function sum(pids: number[], of: (pid: number) => number): number {
  return pids.reduce((total, pid) => total + of(pid), 0);
}
