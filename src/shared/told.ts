/**
 * What nginx tells itself over a private connection: in the header TE of a request, in X-Pad of an answer. proxy_pass
 * passes neither on unless a directive names it, so no app and no client gets them.
 */

/**
 * Places of the values in TE, as nginx/internal/told.conf writes them. Those of the app come last: a tab in one of them
 * changes nothing before it.
 */
export const SINCE = 0;
export const FAULT = 1;
export const TIMEOUT = 2;
export const INTERVAL = 3;
export const BACKOFF = 4;
export const MAX_INTERVAL = 5;
export const TRANSIENT = 6;
export const POLL_COST = 7;
export const ROUTE = 8;
export const SCHEME = 9;
export const PORT = 10;
export const REQUEST_ID = 11;
export const PENDING = 12;
export const STATUS = 13;
/** Method of the client's call, if it can ask for the operation itself; else empty. */
export const PUBLIC = 14;
/** What src/offload/hop/due.ts reads. */
export const SENT_ON = 15;
/** Path of the client's call, if what is waited for is an operation. */
export const CALL = 16;
export const RETRY_AFTER = 17;
export const RESULT = 18;
/** Of the upstream that named the operation. */
export const HOST = 19;
export const URL = 20;
export const ARGS = 21;
export const CANCEL = 22;
/** For nginx alone (real_ip_header). */
const CLIENT = 23;

/** Whether what is told is an operation. */
export function isOperation(told: string[]): boolean {
  return (told[CALL] || '') !== '';
}

/** @returns the values by their places; a URL with a tab, which none has, if one of them has a tab */
export function readTold(te: string | undefined): string[] {
  const told = (te || '').split('\t');
  const last = told.length - 1;
  if (last !== CLIENT) {
    told[URL] = told.slice(URL, last).join('\t');
    told[ARGS] = '';
    told[CANCEL] = '';
  }
  return told;
}

/**
 * The header of an answer: the number of a pause, or an Outcome. A result that is streamed has it too, with another
 * word, before what an app may have written there: nginx before 1.23 reads the first line, newer ones a list.
 */
export const SAID = 'X-Pad';
export const STREAMED = 'streamed';
