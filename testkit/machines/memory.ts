/** Memory and temporary files of nginx's worker processes during an action. */

import { readdirSync, readlinkSync, statSync } from 'node:fs';
import type { Nginx } from '../servers/nginx';
import { memoryOf } from './processes';

/** @returns the growth of private memory at its peak, in bytes */
export async function growthDuring(nginx: Nginx, action: () => Promise<unknown>): Promise<number> {
  const pids = nginx.workerPids();
  const memory = peakOf(() => memoryOf(pids));
  const timer = setInterval(memory.sample, 50);
  try {
    await action();
    memory.sample();
  } finally {
    clearInterval(timer);
  }
  return memory.growth();
}

/** Bytes now, and at the peak of the samples; none where a process ends meanwhile, such as one that Redis forks. */
export function peakOf(bytes: () => number) {
  const before = bytes();
  let peak = before;
  const sample = () => {
    try {
      peak = Math.max(peak, bytes());
    } catch (error) {
      if (!['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) {
        throw error;
      }
    }
  };
  return { sample, growth: () => peak - before };
}

/** @returns bytes in temporary files, which nginx deletes after opening them */
export function spooled(nginx: Nginx): number {
  const files = nginx
    .workerPids()
    .flatMap((pid) => readdirSync(`/proc/${pid}/fd`).map((fd) => `/proc/${pid}/fd/${fd}`));
  return files.reduce((sum, path) => sum + deletedSize(path), 0);
}

/** @returns 0 for an open file that is not deleted, or is closed by now */
function deletedSize(path: string): number {
  try {
    const target = readlinkSync(path);
    const isDeleted = target.startsWith('/') && target.endsWith(' (deleted)');
    const file = statSync(path);
    return isDeleted && file.isFile() ? file.size : 0;
  } catch {
    return 0;
  }
}
