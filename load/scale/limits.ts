/** Limits of this machine. */

import { readFileSync } from 'node:fs';

/** The hard limit of open files of this process, inherited by the processes that it starts. */
export function openFiles(): number {
  const limits = readFileSync('/proc/self/limits', 'utf8');
  return Number(/Max open files\s+\d+\s+(\d+)/.exec(limits)?.[1]);
}

/** Number of local ports for outgoing connections of one address. */
export function ports(): number {
  const range = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8');
  const [from = 0, to = 0] = range.trim().split(/\s+/).map(Number);
  return to - from + 1;
}

/** Bytes available without swapping. */
export function availableMemory(): number {
  const kb = /MemAvailable:\s+(\d+) kB/.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1];
  return Number(kb) * 1024;
}
