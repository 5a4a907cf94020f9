/** Results in JSON, of Celery and RQ: a value, or the response that it describes. */

import { type AnswerOptions, answer, end, isStatus, type Step, typedAnswer } from './answer';
import { readHeaders } from './headers';
import { membersOf, type Span } from './json';

const BINARY = 'application/octet-stream';

/**
 * A JSON value as the result: itself, or the response that it describes, which is an object of `status`,
 * `headers` and `body` and nothing else.
 */
export function jsonAnswer(json: Buffer, span: Span, options: AnswerOptions): Step {
  const found = membersOf(json, span.start, span.end, ['status', 'headers', 'body']);
  if (found !== undefined && found.count === 3) {
    const status = textOf(json, found.spans[0]);
    const headers = textOf(json, found.spans[1]);
    const body = found.spans[2];
    if (isStatus(status) && headers.charAt(0) === '{' && body !== undefined) {
      return describedAnswer(Number(status), headers, json, body, options);
    }
  }
  const bytes = bytesOf(json, span);
  return bytes === undefined
    ? typedAnswer(200, 'application/json', json.subarray(span.start, span.end), options)
    : typedAnswer(200, BINARY, bytes, options);
}

function describedAnswer(
  status: number,
  text: string,
  json: Buffer,
  span: Span,
  options: AnswerOptions,
): Step {
  const headers = readHeaders(text);
  if (typeof headers === 'string') {
    return end('refused', headers);
  }
  let body = bytesOf(json, span);
  let type = BINARY;
  if (body === undefined && isTextOrNull(json, span)) {
    const value = parse(json, span);
    if (value === undefined) {
      return end('refused', 'has a body that is no JSON');
    }
    body = Buffer.from(value || '');
    type = 'text/plain; charset=utf-8';
  } else if (body === undefined) {
    body = json.subarray(span.start, span.end);
    type = 'application/json';
  }
  if (!headers.lines.some((line) => line[0].toLowerCase() === 'content-type')) {
    headers.lines.push(['Content-Type', type]);
  }
  return answer({ status, headers, body, length: body.length }, options);
}

/**
 * Bytes as kombu writes them in JSON, which has none: `{"__type__": "base64", "__value__": "…"}`, or `bytes` if they
 * are UTF-8.
 *
 * @returns undefined for any other value
 */
function bytesOf(json: Buffer, span: Span): Buffer | undefined {
  const found = membersOf(json, span.start, span.end, ['__type__', '__value__']);
  if (found === undefined || found.count !== 2) {
    return undefined;
  }
  const type = textOf(json, found.spans[0]);
  const value = found.spans[1];
  const isBase64 = type === '"base64"';
  if (value === undefined || json[value.start] !== QUOTE || (!isBase64 && type !== '"bytes"')) {
    return undefined;
  }
  const text = parse(json, value);
  return typeof text === 'string' ? Buffer.from(text, isBase64 ? 'base64' : 'utf8') : undefined;
}

function isTextOrNull(json: Buffer, span: Span): boolean {
  return (
    json[span.start] === QUOTE ||
    (span.end - span.start === 'null'.length && textOf(json, span) === 'null')
  );
}

/** A string or null. @returns undefined if it is no JSON */
function parse(json: Buffer, span: Span): string | null | undefined {
  try {
    return JSON.parse(textOf(json, span));
  } catch {
    return undefined;
  }
}

function textOf(json: Buffer, span: Span | undefined): string {
  return span === undefined ? '' : json.toString('utf8', span.start, span.end);
}

const QUOTE = 0x22;
