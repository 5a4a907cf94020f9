/** Load levels that the limits of the machine allow. */

import type { Level } from './plan';

export interface Limits {
  /** Limit of a process. */
  openFiles: number;
  /** Local ports of one client address. */
  ports: number;
  workerProcesses: number;
  /** New clients per second. */
  arrivals: number;
}

/** In nginx, for each client: its connection, and both ends of the one to the waiter. */
const CONNECTIONS = 3;

/**
 * The kernel does not distribute connections evenly: allow one worker process this multiple of its
 * share, which is more than was measured.
 */
const IMBALANCE = 1.25;

/** Logs, listening sockets, and current polls. */
const OTHER_FILES = 500;

/** Leaves room for late polls below $offload_timeout, which is 10 minutes (run-level.ts). */
const MAX_SECONDS = 420;

/** @returns why a level is skipped, or undefined */
export function skipReason(level: Level, limits: Limits): string | undefined {
  const { openFiles, workerProcesses, arrivals } = limits;
  const max = maxHeld(limits);
  if (level.held > max) {
    return `${level.held} held clients exceed the limit of ${openFiles} open files for a process: at most ${max} with ${workerProcesses} worker processes; set WORKERS for more`;
  }
  if (level.held / arrivals > level.seconds * 0.8) {
    return `${level.held} clients arrive in ${(level.held / arrivals).toFixed(1)} s, too slowly to be held at the same time for jobs of ${level.seconds} s; set RATE for more per second`;
  }
  if (level.seconds > MAX_SECONDS) {
    return `${level.seconds} s is longer than ${MAX_SECONDS} s`;
  }
  return undefined;
}

/** Also limited by the clients' process, which has one open file for each client. */
export function maxHeld({ openFiles, workerProcesses }: Limits): number {
  const inNginx = ((openFiles - OTHER_FILES) * workerProcesses) / (CONNECTIONS * IMBALANCE);
  return Math.floor(Math.min(inNginx, openFiles - OTHER_FILES));
}

/** The number of client addresses needed, in 127.0.0.0/8. */
export function addresses(held: number, { ports }: Limits): number {
  return Math.ceil(held / (ports * 0.8));
}
