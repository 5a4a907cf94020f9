/** What nginx's worker processes hold: memory, open files. */

import { readdirSync, readFileSync } from 'node:fs';

/** Bytes that are nobody else's and in no file, of all processes together. */
export function memoryOf(pids: number[]): number {
  return sum(pids, (pid) => {
    const [, kb] = /RssAnon:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(kb) * 1024;
  });
}

export function openFilesOf(pids: number[]): number {
  return sum(pids, (pid) => readdirSync(`/proc/${pid}/fd`).length);
}

function sum(pids: number[], of: (pid: number) => number): number {
  return pids.reduce((total, pid) => total + of(pid), 0);
}
