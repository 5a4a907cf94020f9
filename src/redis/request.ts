/** What @offload_redis requests of the Redis waiter: an HTTP request without a body. */

import { DEFAULTS, readTimeout } from '../schedule/settings';
import type { Checked } from '../shared/checked';

/** Which key a result is under, and what it looks like there. */
export type Kind = 'celery' | 'stream' | 'rq';

/** The result of a signal: X-Offload-Celery, X-Offload-Stream or X-Offload-Rq has its id. */
export interface Wanted {
  kind: Kind;
  id: string;
}

export interface Request {
  wanted: Checked<Wanted>;
  /** The id as the app wrote it, for the log. */
  signal: string;
  /** ms until the client's timeout. */
  left: number;
  /** The wait was interrupted before, or the result has a long header. */
  isAgain: boolean;
  /** Asks only whether Redis is there. */
  isProbe: boolean;
}

const PROBE = '/.offload/redis/probe';
/** Characters. Celery's and RQ's ids are UUIDs. */
const LONGEST_ID = 255;
const HEADERS: [name: string, kind: Kind][] = [
  ['x-offload-celery', 'celery'],
  ['x-offload-stream', 'stream'],
  ['x-offload-rq', 'rq'],
];

/**
 * @param head of the request, up to the empty line
 * @param now ms since the epoch
 */
export function readRequest(head: string, now: number): Request {
  const lines = head.split('\r\n');
  const since = Number(headerOf(lines, 'x-offload-since') || now / 1000) * 1000;
  const timeout = readTimeout(headerOf(lines, 'x-offload-timeout') || DEFAULTS.timeout);
  const named: [string, Kind][] = [];
  for (let i = 0; i < HEADERS.length; i++) {
    const header = HEADERS[i] as [string, Kind];
    const id = headerOf(lines, header[0]);
    if (id !== '') {
      named.push([id, header[1]]);
    }
  }
  const first = named[0];
  return {
    wanted: named.length > 1 ? 'names more than one result' : wanted(first),
    signal: first === undefined ? '' : first[0],
    left: Math.max(since + timeout - now, 0),
    isAgain: headerOf(lines, 'x-offload-fault') !== '',
    isProbe: (lines[0] as string).split(' ')[1] === PROBE,
  };
}

function wanted(named: [string, Kind] | undefined): Checked<Wanted> {
  if (named === undefined) {
    return 'names no result';
  }
  const id = named[0];
  if (id.length > LONGEST_ID) {
    return `is longer than ${LONGEST_ID} characters`;
  }
  for (let i = 0; i < id.length; i++) {
    if (!isPlain(id.charCodeAt(i))) {
      return 'has a character other than letters, digits, . _ : and -';
    }
  }
  return { kind: named[1], id };
}

/** Letters, digits, - . : and _ */
function isPlain(code: number): boolean {
  const letter = code | 0x20;
  return (
    (letter >= 0x61 && letter <= 0x7a) ||
    (code >= 0x30 && code <= 0x3a) ||
    code === 0x2d ||
    code === 0x2e ||
    code === 0x5f
  );
}

/** @param name in lower case @returns the value of the first line of that name; empty if there is none */
function headerOf(lines: string[], name: string): string {
  for (let i = 1; i < lines.length; i++) {
    const line = lines[i] as string;
    if (line.charAt(name.length) === ':' && line.slice(0, name.length).toLowerCase() === name) {
      return line.slice(name.length + 1).trim();
    }
  }
  return '';
}
