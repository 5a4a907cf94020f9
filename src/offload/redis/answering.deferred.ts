/**
 * What replies mean, and what the client is answered. build/bundle.mjs has the code of this module and of what it
 * imports run when it is called: njs creates the functions of any other module in the VM of each held client, at
 * 160 bytes each, or 440 on QuickJS.
 */

import { quoted } from '../../shared/quoted';
import type { Outcome } from '../held/fault';
import { type AnswerOptions, end, ended, type Step } from './answer';
import { largeOfCelery, readCelery } from './celery';
import type { Entry, Large } from './resp';
import { largeOfRq, readRq } from './rq';
import { largeOfStream, readStream } from './stream';
import type { Answering, Said, Wait } from './wait';

export default function answering(): Answering {
  return {
    read: (wait, said, hasErrors) => read(wait, said, { isFound: wait.to === 'found', hasErrors }),
    failed: (error) => end('refused', `can't be read: ${quoted(String(error))}`),
    lineOf,
    leftLineOf,
    ended,
  };
}

/** A line of the log has room for 2 KB. */
const MOST_NAMES = 5;
const LONGEST_NAME = 40;

function leftLineOf(id: string, names: string[]): string {
  const first = names.slice(0, MOST_NAMES).map((name) => quoted(name.slice(0, LONGEST_NAME)));
  const more = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : '';
  return `offload: the result of ${quoted(id)} is sent without its header ${first.join(', ')}${more}: HTTP has no such name or value`;
}

function lineOf(id: string, outcome: Outcome, reason: string): string {
  return outcome === 'refused'
    ? `offload: ${quoted(id)} has no result: it ${reason}; the client gets a 502`
    : `offload: Redis can't be used: ${reason}`;
}

function read(wait: Wait, said: Said, options: AnswerOptions): Step | undefined {
  if (said === 'malformed') {
    return noRedis();
  }
  switch (said.type) {
    case 'error':
      return readError(said.text);
    case 'text':
      return noRedis();
    case 'string':
    case 'push':
      return wait.kind === 'celery' ? readCelery(said.bytes, options) : noRedis();
    case 'entry':
      return readEntry(wait, said.entry, options);
    case 'large':
      return wait.to === 'probe' ? end('ready', '') : readLarge(wait, said, options);
  }
}

function noRedis(): Step {
  return end('unavailable', 'what answers is no Redis');
}

function readEntry(wait: Wait, entry: Entry, options: AnswerOptions): Step {
  switch (wait.kind) {
    case 'stream':
      return readStream(entry, options);
    case 'rq':
      return readRq(entry, wait, options);
    default:
      return noRedis();
  }
}

function readLarge(wait: Wait, large: Large, options: AnswerOptions): Step {
  switch (wait.kind) {
    case 'celery':
      return largeOfCelery(large);
    case 'stream':
      return largeOfStream(large, options);
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
