/** The limits of this machine, as fits.ts wants to know them. */

import { readFileSync } from 'node:fs';

/** Open files of a process: of this one, and so of all that it starts. */
export function openFiles(): number {
  const limits = readFileSync('/proc/self/limits', 'utf8');
  return Number(/Max open files\s+\d+\s+(\d+)/.exec(limits)?.[1]);
}

/** Ports of one address for connections that it opens. */
export function ports(): number {
  const range = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8');
  const [from = 0, to = 0] = range.trim().split(/\s+/).map(Number);
  return to - from + 1;
}

/** Bytes that can still be had without swapping. */
export function memoryLeft(): number {
  const kb = /MemAvailable:\s+(\d+) kB/.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1];
  return Number(kb) * 1024;
}
