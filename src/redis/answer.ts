/**
 * What the Redis waiter answers @offload_redis, as HTTP: a result, or why there is none. A result may have any
 * status, so what is none is marked by X-Accel-Redirect, which no result has.
 */

import {
  type HeaderLine,
  headerLength,
  isForwarded,
  isLongHeader,
  isWritable,
} from '../result/headers';
import type { Checked } from '../shared/checked';
import { SAID } from '../shared/hop';
import type { Outcome } from '../wait/decide';
import { membersOf, type Span } from './json';

/** What a wait does next. */
export type Step =
  | { do: 'send'; commands: string }
  /** `isRest`: more of the body comes, and nginx passes it on as it is. */
  | { do: 'answer'; head: string; body: Buffer; isRest: boolean }
  /** `reason`: for the error log; empty: no line. */
  | { do: 'end'; outcome: Outcome; reason: string };

export interface Way {
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
  lines: HeaderLine[];
  body: Buffer;
  /** Bytes of the body, if more of it comes. */
  length: number;
}

export function answer(result: Result, way: Way): Step {
  if (!way.isFound && (isActedOn(result.status) || isLongHeader(result.lines))) {
    return end('found', '');
  }
  if (headerLength(result.lines) > LONGEST_HEADER) {
    return end('refused', `has a header of more than ${LONGEST_HEADER} bytes`);
  }
  // as nginx does of an upstream's 204 or 304
  const hasBody = result.status !== 204 && result.status !== 304;
  let head = `HTTP/1.1 ${result.status} ${reasonOf(result.status)}\r\n`;
  for (let i = 0; i < result.lines.length; i++) {
    const line = result.lines[i] as HeaderLine;
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
export function problem(detail: string, error: string, way: Way): Step {
  const more = way.hasErrors ? error : '';
  const body = Buffer.from(
    `{"type":"about:blank","title":"Internal Server Error","status":500,"detail":"${detail}"${more}}\n`,
  );
  const lines: HeaderLine[] = [['Content-Type', 'application/problem+json']];
  return answer({ status: 500, lines, body, length: body.length }, way);
}

/**
 * A JSON value as the result: itself, or the response that it describes, which is an object of `status`,
 * `headers` and `body` and nothing else.
 */
export function jsonAnswer(json: Buffer, span: Span, way: Way): Step {
  const found = membersOf(json, span.start, span.end, ['status', 'headers', 'body']);
  if (found !== undefined && found.count === 3) {
    const status = textOf(json, found.spans[0]);
    const headers = textOf(json, found.spans[1]);
    const body = found.spans[2];
    if (isStatus(status) && headers.charAt(0) === '{' && body !== undefined) {
      return describedAnswer(Number(status), headers, json, body, way);
    }
  }
  const body = json.subarray(span.start, span.end);
  const lines: HeaderLine[] = [['Content-Type', 'application/json']];
  return answer({ status: 200, lines, body, length: body.length }, way);
}

function describedAnswer(
  status: number,
  headers: string,
  json: Buffer,
  span: Span,
  way: Way,
): Step {
  const lines = readHeaders(headers);
  if (typeof lines === 'string') {
    return end('refused', lines);
  }
  const text = textOf(json, span);
  let body = json.subarray(span.start, span.end);
  let type = 'application/json';
  if (text.charAt(0) === '"' || text === 'null') {
    try {
      body = Buffer.from(JSON.parse(text) || '');
    } catch {
      return end('refused', 'has a body that is no JSON');
    }
    type = 'text/plain; charset=utf-8';
  }
  if (!lines.some((line) => line[0].toLowerCase() === 'content-type')) {
    lines.push(['Content-Type', type]);
  }
  return answer({ status, lines, body, length: body.length }, way);
}

/** @param text a JSON object: names, and values that are strings, numbers or lists of them */
export function readHeaders(text: string): Checked<HeaderLine[]> {
  let headers: Record<string, unknown> | null;
  try {
    headers = JSON.parse(text);
  } catch {
    headers = null;
  }
  if (headers === null || typeof headers !== 'object' || Array.isArray(headers)) {
    return 'has headers that are no JSON object';
  }
  const lines: HeaderLine[] = [];
  const names = Object.keys(headers);
  for (let i = 0; i < names.length; i++) {
    const name = names[i] as string;
    const value = headers[name];
    const values = Array.isArray(value) ? value : [value];
    for (let j = 0; j < values.length; j++) {
      const each = values[j];
      if (
        (typeof each !== 'string' && typeof each !== 'number') ||
        name === '' ||
        !isWritable(name, String(each)) ||
        !isAscii(String(each))
      ) {
        return 'has a header that no response has';
      }
      if (isPassed(name.toLowerCase())) {
        lines.push([name, String(each)]);
      }
    }
  }
  return lines;
}

/** A result's own Content-Type is passed; what nginx would act on is not. */
function isPassed(name: string): boolean {
  return name === 'content-type' || (isForwarded(name, '') && name.slice(0, 8) !== 'x-accel-');
}

/** A header line goes out as UTF-8 bytes, and its length is counted as characters. */
function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) > 0x7e) {
      return false;
    }
  }
  return true;
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

function textOf(json: Buffer, span: Span | undefined): string {
  return span === undefined ? '' : json.toString('utf8', span.start, span.end);
}
