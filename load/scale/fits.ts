/** Which crowds the machine's limits allow. */

import type { Crowd } from './plan';

export interface Limits {
  /** Of a process. */
  openFiles: number;
  /** Of one address, for connections that it opens. */
  ports: number;
  workerProcesses: number;
  /** Clients that arrive in a second. */
  arrivals: number;
}

/** In nginx: the client's own connection, and both ends of the one to the waiter. */
const CONNECTIONS = 3;

/**
 * The kernel wakes whichever worker process waits, so connections spread as the load does, and
 * one process gets more than its share: more than was seen of the fullest one.
 */
const FULLEST = 1.25;

/** Logs, listening sockets, and polls under way. */
const BESIDES = 500;

/** The deadline is 10 minutes (hold.ts), and where polls are late it comes near. */
const LONGEST_SECONDS = 420;

/** @returns why a crowd is left out, or undefined */
export function whyNot(crowd: Crowd, limits: Limits): string | undefined {
  const { openFiles, workerProcesses, arrivals } = limits;
  const most = mostHeld(limits);
  if (crowd.held > most) {
    return `${crowd.held} held clients need more than the ${openFiles} open files that a process may have: at most ${most} with ${workerProcesses} worker processes, WORKERS= for more of them`;
  }
  if (crowd.held / arrivals > crowd.seconds * 0.8) {
    return `${crowd.held} clients come in ${(crowd.held / arrivals).toFixed(1)} s, so that they are never all held for jobs of ${crowd.seconds} s: RATE= for more a second`;
  }
  if (crowd.seconds > LONGEST_SECONDS) {
    return `${crowd.seconds} s is longer than ${LONGEST_SECONDS} s`;
  }
  return undefined;
}

/** The clients are one process, which has one open file for each. */
export function mostHeld({ openFiles, workerProcesses }: Limits): number {
  const inNginx = ((openFiles - BESIDES) * workerProcesses) / (CONNECTIONS * FULLEST);
  return Math.floor(Math.min(inNginx, openFiles - BESIDES));
}

/** How many addresses of 127.0.0.0/8 the clients come from. */
export function addresses(held: number, { ports }: Limits): number {
  return Math.ceil(held / (ports * 0.8));
}
