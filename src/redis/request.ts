/** What @offload_redis requests of the Redis waiter: an HTTP request without a body. */

import { readTimeout } from '../schedule/settings';

/** Which key a result is under, and what it looks like there: X-Offload-Celery, -Stream or -Rq has its id. */
export type Kind = 'celery' | 'stream' | 'rq';

export interface Request {
  kind: Kind;
  /** As the app wrote it. */
  id: string;
  /** Why it is none; empty if it can be waited for. */
  refusal: string;
  /** ms until the client's timeout. */
  left: number;
  /** The wait was interrupted before, or the result has a long header. */
  isAgain: boolean;
  /** Asks only whether Redis is there. */
  isProbe: boolean;
}

/** Characters. Celery's and RQ's ids are UUIDs. */
const LONGEST_ID = 255;

/**
 * @param head of the request, as nginx writes it by nginx/internal/redis/held.conf
 * @param now ms since the epoch
 */
export function readRequest(head: string, now: number): Request {
  const celery = headerOf(head, 'X-Offload-Celery');
  const stream = headerOf(head, 'X-Offload-Stream');
  const rq = headerOf(head, 'X-Offload-Rq');
  const id = celery || stream || rq;
  const waited = now - Number(headerOf(head, 'X-Offload-Since')) * 1000;
  return {
    kind: celery !== '' ? 'celery' : stream !== '' ? 'stream' : 'rq',
    id,
    refusal: celery + stream + rq === id ? refusalOf(id) : 'names more than one result',
    // no longer than the timeout if the clock was set back
    left: Math.max(readTimeout(headerOf(head, 'X-Offload-Timeout')) - Math.max(waited, 0), 0),
    isAgain: headerOf(head, 'X-Offload-Fault') !== '',
    isProbe: head.startsWith('GET /.offload/redis/probe '),
  };
}

function refusalOf(id: string): string {
  if (id === '' || id.length > LONGEST_ID) {
    return `is not of 1 to ${LONGEST_ID} characters`;
  }
  for (let i = 0; i < id.length; i++) {
    if (!isPlain(id.charCodeAt(i))) {
      return 'has a character other than letters, digits, . _ : and -';
    }
  }
  return '';
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

/** @returns the value of a header; empty if there is none */
function headerOf(head: string, name: string): string {
  const mark = `\r\n${name}: `;
  const at = head.indexOf(mark);
  return at < 0 ? '' : head.slice(at + mark.length, head.indexOf('\r\n', at + 2));
}
