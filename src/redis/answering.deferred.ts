/**
 * What replies mean, and what the client is answered. build/bundle.mjs has the code of this module and of what it
 * imports run when it is called: njs creates the functions of any other module in the VM of each held client, at
 * 160 bytes each, or 440 on QuickJS.
 */

import { quoted } from '../shared/quoted';
import type { Outcome } from '../wait/decide';
import { end, ended, type Step, type Way } from './answer';
import { largeOfCelery, readCelery } from './celery';
import type { Wait } from './request';
import type { Decoded, Large, Reply } from './resp';
import { largeOfRq, readRq } from './rq';
import { largeOfStream, readStream } from './stream';

export interface Answering {
  /** @returns undefined: no result */
  read(wait: Wait, decoded: Decoded, hasErrors: boolean): Step | undefined;
  /** For the error log. */
  lineOf(id: string, outcome: Outcome, reason: string): string;
  /** @returns the answer to @offload_redis if there is no result */
  ended(outcome: Outcome): string;
}

export default function answering(): Answering {
  return {
    read: (wait, decoded, hasErrors) => read(wait, decoded, { isAgain: wait.isAgain, hasErrors }),
    lineOf,
    ended,
  };
}

function lineOf(id: string, outcome: Outcome, reason: string): string {
  return outcome === 'refused'
    ? `offload: ${quoted(id)} has no result: it ${reason}; the client gets a 502`
    : `offload: Redis can't be used: ${reason}`;
}

function read(wait: Wait, decoded: Decoded, way: Way): Step | undefined {
  if (decoded === 'malformed') {
    return end('unavailable', 'what answers is no Redis');
  }
  if ('length' in decoded) {
    return readLarge(wait, decoded, way);
  }
  if (decoded.type === '-' || decoded.type === '!') {
    return readError(String(decoded.value));
  }
  if (wait.isProbe) {
    return decoded.value === 'PONG' ? end('ready', '') : undefined;
  }
  return readReply(wait, decoded, way);
}

function readReply(wait: Wait, reply: Reply, way: Way): Step | undefined {
  switch (wait.kind) {
    case 'celery':
      return readCelery(reply, way);
    case 'stream':
      return readStream(reply, way);
    default:
      return readRq(reply, wait.key, way);
  }
}

function readLarge(wait: Wait, large: Large, way: Way): Step {
  switch (wait.kind) {
    case 'celery':
      return largeOfCelery(large);
    case 'stream':
      return largeOfStream(large, way);
    default:
      return largeOfRq(large);
  }
}

/** @see https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors */
function readError(error: string): Step {
  switch (error.split(' ')[0]) {
    // as it starts, or in a failover
    case 'LOADING':
    case 'MASTERDOWN':
    case 'CLUSTERDOWN':
    case 'TRYAGAIN':
    case 'UNBLOCKED':
      return end('away', '');
    case 'WRONGTYPE':
      return end('refused', 'is of another type in Redis');
    default:
      return end('unavailable', `it replied ${quoted(error)}`);
  }
}
