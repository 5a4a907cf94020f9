/** The load levels to measure, and what the limits of the machine allow of them. */

import { readFileSync } from 'node:fs';
import type { Release } from '../../testkit/nginx';

export interface Level {
  /** Clients held at the same time. */
  held: number;
  /** Length of each client's job. */
  seconds: number;
}

/** Memory goals for held clients, provided that all responses are correct. */
export interface Goal extends Level {
  engine: Release['engine'];
  /** Memory of nginx for each client. */
  kilobytes: number;
}

export const GOALS: Goal[] = [
  { engine: 'njs', held: 10_000, seconds: 30, kilobytes: 70 },
  { engine: 'njs', held: 10_000, seconds: 300, kilobytes: 110 },
];

const HELD = [1000, 2000, 5000, 10_000];
const SECONDS = [10, 60, 300];
/** The common level of both series of the default plan, and the default for HELD or SECONDS alone. */
const BASE: Level = { held: 2000, seconds: 30 };

/**
 * By default two series, one varying the number of clients and one the length of the jobs, and the
 * levels of the goals: all combinations would take hours.
 */
export function plan(engine: Release['engine'], held?: number[], seconds?: number[]): Level[] {
  if (held !== undefined || seconds !== undefined) {
    return (held ?? [BASE.held]).flatMap((one) =>
      (seconds ?? [BASE.seconds]).map((length) => ({ held: one, seconds: length })),
    );
  }
  const series = [
    ...HELD.map((one) => ({ ...BASE, held: one })),
    ...SECONDS.map((length) => ({ ...BASE, seconds: length })),
  ];
  const goals = GOALS.filter(
    (goal) => goal.engine === engine && !series.some((level) => isSame(level, goal)),
  );
  return [...series, ...goals.map((goal) => ({ held: goal.held, seconds: goal.seconds }))];
}

export function isSame(a: Level, b: Level): boolean {
  return a.held === b.held && a.seconds === b.seconds;
}

/** Seconds to start containers, to close connections and to remove containers. */
const OVERHEAD = 12;
/** Seconds of delay for each client, when the CPUs are saturated with polls. */
const DELAY = 0.002;

/** @param arrivals new clients per second @returns seconds, an upper estimate */
export function estimate(levels: Level[], arrivals: number): number {
  return levels.reduce(
    (sum, { held, seconds }) => sum + seconds + held / arrivals + held * DELAY + OVERHEAD,
    0,
  );
}

/** @returns `90 s`, or minutes from 2 minutes on */
export function durationText(seconds: number): string {
  return seconds < 120 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} minutes`;
}

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
/** Leaves room for late polls below $offload_timeout, which is 10 minutes (measure.ts). */
const MAX_SECONDS = 420;

/** @returns why a level is skipped, or undefined */
export function skipReason({ held, seconds }: Level, limits: Limits): string | undefined {
  const { openFiles, workerProcesses, arrivals } = limits;
  const max = maxHeld(limits);
  if (held > max) {
    return `${held} held clients exceed the limit of ${openFiles} open files for a process: at most ${max} with ${workerProcesses} worker processes; set WORKERS for more`;
  }
  if (held / arrivals > seconds * 0.8) {
    return `${held} clients arrive in ${(held / arrivals).toFixed(1)} s, too slowly to be held at the same time for jobs of ${seconds} s; set RATE for more per second`;
  }
  return seconds > MAX_SECONDS ? `${seconds} s is longer than ${MAX_SECONDS} s` : undefined;
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

/** The hard limit of open files of this process, inherited by the processes that it starts. */
export function openFiles(): number {
  return numberIn('/proc/self/limits', /Max open files\s+\d+\s+(\d+)/);
}

/** Number of local ports for outgoing connections of one address. */
export function ports(): number {
  const range = '/proc/sys/net/ipv4/ip_local_port_range';
  return numberIn(range, /^\d+\s+(\d+)/) - numberIn(range, /^(\d+)/) + 1;
}

/** Bytes available without swapping. */
export function availableMemory(): number {
  return numberIn('/proc/meminfo', /MemAvailable:\s+(\d+) kB/) * 1024;
}

function numberIn(file: string, pattern: RegExp): number {
  return Number(pattern.exec(readFileSync(file, 'utf8'))?.[1]);
}
