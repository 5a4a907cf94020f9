/** What an attempt and a plan both ask of the files of a route. */

import fs from 'fs';

const PLAN_EVERY_MS = 1000;

/** Whether jobs have ended since the last plan, and it is older than a second. */
export function isDue(path: string): boolean {
  return sizeOf(`${path}.log`) > 0 && Date.now() - modified(`${path}.times`) >= PLAN_EVERY_MS;
}

export function exists(path: string): boolean {
  try {
    fs.accessSync(path);
    return true;
  } catch {
    return false;
  }
}

/** Empty if there is none. */
export function textOf(path: string): string {
  try {
    return fs.readFileSync(path, 'utf8') as string;
  } catch {
    return '';
  }
}

export function sizeOf(path: string): number {
  try {
    return fs.statSync(path).size;
  } catch {
    return 0;
  }
}

/** ms since the epoch; 0 if there is none, or if it is of the future, as when the clock was set back. */
export function modified(path: string): number {
  try {
    const time = fs.statSync(path).mtimeMs;
    return time <= Date.now() ? time : 0;
  } catch {
    return 0;
  }
}
