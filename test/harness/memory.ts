/** What the worker processes of nginx come to hold while something goes on. */

import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import type { Nginx } from './nginx';

/** @returns bytes: the largest growth of private memory that was seen */
export async function growthDuring(nginx: Nginx, action: () => Promise<unknown>): Promise<number> {
  const pids = nginx.workerPids();
  const held = () => pids.reduce((sum, pid) => sum + anonymousBytes(pid), 0);
  const before = held();
  let most = before;
  const look = () => {
    most = Math.max(most, held());
  };
  const watch = setInterval(look, 50);
  try {
    await action();
    look();
  } finally {
    clearInterval(watch);
  }
  return most - before;
}

/** Memory that no file and no other process shares. */
function anonymousBytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/RssAnon:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
}

/** @returns bytes in temporary files, which have no name once they are open */
export function spooled(nginx: Nginx): number {
  let bytes = 0;
  for (const pid of nginx.workerPids()) {
    for (const fd of readdirSync(`/proc/${pid}/fd`)) {
      const path = `/proc/${pid}/fd/${fd}`;
      const target = readlinkSync(path);
      if (target.startsWith('/') && target.endsWith(' (deleted)') && statSync(path).isFile()) {
        bytes += statSync(path).size;
      }
    }
  }
  return bytes;
}
