/**
 * What @offload_redis requests of the Redis waiter: an HTTP request whose header X-Offload-Wait has all of it.
 * One flat object, as each held client keeps it, in a JavaScript VM that frees nothing before
 * its end.
 */

import { isUnreserved } from '../../shared/unreserved';
import { hopAt, readHop, readSentOn } from '../hop/due';
import { readTimeout } from '../schedule/settings';
import type { Wait } from './wait';

/** Characters. Celery's and RQ's ids are UUIDs. */
const LONGEST_ID = 255;

/** celery/backends/base.py, _add_global_keyprefix */
const SEPARATORS = ':_-.';

const FOUND = 'GET /.offload/redis/found ';
const PROBE = 'GET /.offload/redis/probe ';
const HEADER = 'X-Offload-Wait: ';
/** Its parts, separated by commas: since, timeout, fault, what due.ts reads, and an id of one kind. */
const SINCE = 0;
const TIMEOUT = 1;
const FAULT = 2;
const SENT_ON = 3;
const CELERY = 4;
const STREAM = 5;
const RQ = 6;

/**
 * @param head of the request, as nginx writes it by nginx/redis/internal/hold.conf
 * @param now ms since the epoch
 * @param prefix of all keys. Celery's global_keyprefix: it appends _ to one without a separator at its end
 */
export function readRequest(head: string, now: number, prefix: string): Wait {
  const at = head.indexOf(HEADER) + HEADER.length;
  const parts = head.slice(at, head.indexOf('\r\n', at)).split(',');
  const celery = parts[CELERY] || '';
  const stream = parts[STREAM] || '';
  const rq = parts[RQ] || '';
  const id = celery || stream || rq;
  const since = Number(parts[SINCE]) * 1000;
  // no longer than the timeout if the clock was set back
  const waited = Math.max(now - since, 0);
  const timeout = readTimeout(parts[TIMEOUT] || '');
  const sentOnAt = parts[SENT_ON] ? sentOnAtBy(parts[SENT_ON], since) : Infinity;
  const isCelery = celery !== '';
  const isStream = stream !== '';
  const hasEnd = prefix === '' || SEPARATORS.indexOf(prefix.charAt(prefix.length - 1)) >= 0;
  return {
    kind: isCelery ? 'celery' : isStream ? 'stream' : 'rq',
    id,
    refusal: refusalOf(id, celery.length + stream.length + rq.length, parts.length),
    left: Math.max(Math.min(timeout, sentOnAt) - waited, 0),
    end: sentOnAt < timeout ? 'hop' : 'timeout',
    isSentOn: sentOnAt !== Infinity,
    isAgain: parts[FAULT] !== '',
    to: head.startsWith(FOUND) ? 'found' : head.startsWith(PROBE) ? 'probe' : 'wait',
    // a signal names no other key than that of a result
    key: isCelery
      ? prefix.concat(hasEnd ? '' : '_', 'celery-task-meta-', id)
      : prefix.concat(isStream ? 'offload:' : 'rq:results:', id),
    replies: 0,
    spent: 0,
  };
}

function sentOnAtBy(text: string, since: number): number {
  const sentOn = readSentOn(text);
  return hopAt(readHop(sentOn.hop), sentOn.began, since);
}

/**
 * @param length of all ids
 * @param parts of the header: more of them if there is a comma in an id
 */
function refusalOf(id: string, length: number, parts: number): string {
  if (parts === RQ + 1 && id.length !== length) {
    return 'is one of two that the signal names';
  }
  if (id === '' || id.length > LONGEST_ID) {
    return `is not of 1 to ${LONGEST_ID} characters`;
  }
  return parts === RQ + 1 && isUnreserved(id.split(':').join('')) && id.indexOf('~') < 0
    ? ''
    : WRONG_CHARACTER;
}

const WRONG_CHARACTER = 'has a character other than letters, digits, . _ : and -';
