/** Memory and temporary files of nginx's worker processes during an action. */

import { readdirSync, readlinkSync, statSync } from 'node:fs';
import type { Nginx } from './nginx';
import { memoryOf } from './processes';

/** @returns the growth of private memory at its peak, in bytes */
export async function growthDuring(nginx: Nginx, action: () => Promise<unknown>): Promise<number> {
  const pids = nginx.workerPids();
  const before = memoryOf(pids);
  let peak = before;
  const sample = () => {
    peak = Math.max(peak, memoryOf(pids));
  };
  const timer = setInterval(sample, 50);
  try {
    await action();
    sample();
  } finally {
    clearInterval(timer);
  }
  return peak - before;
}

/** @returns bytes in temporary files, which nginx deletes after opening them */
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
