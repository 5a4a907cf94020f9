/**
 * What the Redis waiter answers @offload_redis, as HTTP: a result, or why there is none. A result may have any
 * status, so what is none is marked by X-Accel-Redirect, which no result has.
 */

import { SAID } from '../../shared/told';
import type { Outcome } from '../held/fault';
import { type HeaderLine, LONG_HEADER } from '../result/headers';
import { byteLength, type Headers } from './headers';

/** What a wait does next. */
export type Step =
  | { do: 'send'; commands: string }
  /** `isRest`: more of the body comes, and nginx passes it on as it is. `left`: names of headers, for the error log. */
  | { do: 'answer'; head: string; body: Buffer; isRest: boolean; left: string[] }
  /** `reason`: for the error log; empty: no line. */
  | { do: 'end'; outcome: Outcome; reason: string };

export interface AnswerOptions {
  /** In @offload_redis_found, which has large buffers and repeats no request. */
  isFound: boolean;
  /** Whether a problem document has the exception and its traceback. */
  hasErrors: boolean;
}

/** @param reason of `refused`, it completes `it …`; of `unavailable`, it completes `Redis can't be used: …` */
export function end(outcome: Outcome, reason: string): Step {
  return { do: 'end', outcome, reason };
}

export interface Result {
  status: number;
  headers: Headers;
  body: Buffer;
  /** Bytes of the body, if more of it comes. */
  length: number;
}

export function answer(result: Result, options: AnswerOptions): Step {
  const lines = result.headers.lines;
  const length = byteLength(lines);
  if (!options.isFound && (isActedOn(result.status) || length > LONG_HEADER)) {
    return end('found', '');
  }
  if (length > LONGEST_HEADER) {
    return end('refused', `has a header of more than ${LONGEST_HEADER} bytes`);
  }
  // as nginx does of an upstream's 204 or 304
  const hasBody = result.status !== 204 && result.status !== 304;
  let head = `HTTP/1.1 ${result.status} ${reasonOf(result.status)}\r\n`;
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] as HeaderLine;
    head += `${line[0]}: ${line[1]}\r\n`;
  }
  if (hasBody) {
    head += `Content-Length: ${result.length}\r\n`;
  }
  return {
    do: 'answer',
    head: head + END,
    body: hasBody ? result.body : result.body.subarray(0, 0),
    isRest: hasBody && result.body.length < result.length,
    left: result.headers.left,
  };
}

/** Bytes: @offload_redis_found has 64 KB for it, with the status and what is added to it. */
const LONGEST_HEADER = 60 * 1024;

/** The statuses that the way to a result acts on: the next attempt (503), a pause before it (502, 504). */
function isActedOn(status: number): boolean {
  return status >= 502 && status <= 504;
}

/** nginx sends an upstream's reason phrase as it is, and has none of its own for it. */
function reasonOf(status: number): string {
  switch (status) {
    case 200:
      return 'OK';
    case 201:
      return 'Created';
    case 202:
      return 'Accepted';
    case 204:
      return 'No Content';
    case 301:
      return 'Moved Permanently';
    case 302:
      return 'Found';
    case 303:
      return 'See Other';
    case 304:
      return 'Not Modified';
    case 400:
      return 'Bad Request';
    case 401:
      return 'Unauthorized';
    case 403:
      return 'Forbidden';
    case 404:
      return 'Not Found';
    case 409:
      return 'Conflict';
    case 410:
      return 'Gone';
    case 422:
      return 'Unprocessable Content';
    case 429:
      return 'Too Many Requests';
    case 500:
      return 'Internal Server Error';
    case 502:
      return 'Bad Gateway';
    case 503:
      return 'Service Unavailable';
    case 504:
      return 'Gateway Timeout';
    default:
      // any text will do (RFC 9110, section 15)
      return 'Result';
  }
}

/**
 * What is no result is for another location of the public server. Before that, 503 is for nginx's next attempt, and 502
 * for the waiter, if it made this one: it pauses.
 */
export function ended(outcome: Outcome): string {
  const status = outcome === 'talkative' ? 503 : outcome === 'away' ? 502 : 200;
  return `HTTP/1.1 ${status} ${reasonOf(status)}\r\nX-Accel-Redirect: ${locationOf(outcome)}\r\n${SAID}: ${outcome}\r\nContent-Length: 0\r\n${END}`;
}

function locationOf(outcome: Outcome): string {
  switch (outcome) {
    case 'ready':
      return '@offload_redis_again';
    case 'found':
      return '@offload_redis_found';
    default:
      return '@offload_fault';
  }
}

/** A connection is for one wait: nginx 1.29.7 and newer keep those to an upstream alive by default. */
const END = 'Connection: close\r\n\r\n';

/**
 * A problem document, RFC 9457.
 *
 * @param error its members for whoever may see them, each with a comma before it
 */
export function problem(detail: string, error: string, options: AnswerOptions): Step {
  const more = options.hasErrors ? error : '';
  const body = Buffer.from(
    `{"type":"about:blank","title":"Internal Server Error","status":500,"detail":"${detail}"${more}}\n`,
  );
  return typedAnswer(500, 'application/problem+json', body, options);
}

/** An answer with no other header. */
export function typedAnswer(
  status: number,
  type: string,
  body: Buffer,
  options: AnswerOptions,
): Step {
  const headers: Headers = { lines: [['Content-Type', type]], left: [] };
  return answer({ status, headers, body, length: body.length }, options);
}

/** 200 to 599, as text. */
export function isStatus(text: string): boolean {
  const status = Number(text);
  return text.length === 3 && status >= 200 && status <= 599 && Math.floor(status) === status;
}

/** njs and QuickJS read bytes that are not UTF-8 as U+FFFD. */
export function isUtf8(bytes: Buffer): boolean {
  return Buffer.from(bytes.toString()).equals(bytes);
}
