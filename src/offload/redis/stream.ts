/**
 * A result that any worker adds to a Redis stream: the fields `status`, `headers` and `body`, of which the last
 * is `body`. A stream's entry is not consumed by being read, so a client that comes again finds it.
 *
 *     XADD offload:42 * status 200 headers '{"Content-Type":"text/csv"}' body "$CSV"
 *
 * @see https://redis.io/docs/latest/commands/xread/
 */

import { type AnswerOptions, answer, end, isStatus, type Step } from './answer';
import { type Headers, readHeaders } from './headers';
import type { Entry, Large } from './resp';

export function readStream(entry: Entry, options: AnswerOptions): Step {
  const fields = entry.fields;
  const body = fields[fields.length - 1] as Buffer;
  return read(fields.slice(0, -1), body, body.length, options);
}

export function largeOfStream(large: Large, options: AnswerOptions): Step {
  return large.isLast
    ? read(large.within, large.first, large.length, options)
    : end('refused', `has a field of ${large.length} bytes that is not the last one`);
}

/** @param fields names and values, up to the name of the last one */
function read(fields: Buffer[], body: Buffer, length: number, options: AnswerOptions): Step {
  let status = '200';
  let headers: Headers = { lines: [], left: [] };
  if (String(fields[fields.length - 1]) !== 'body') {
    return end('refused', 'has no field "body" as its last one');
  }
  for (let i = 0; i + 1 < fields.length; i += 2) {
    const value = String(fields[i + 1]);
    switch (String(fields[i])) {
      case 'status':
        status = value;
        break;
      case 'headers': {
        const read = readHeaders(value);
        if (typeof read === 'string') {
          return end('refused', read);
        }
        headers = read;
        break;
      }
      default:
        return end('refused', 'has a field other than status, headers and body');
    }
  }
  return isStatus(status)
    ? answer({ status: Number(status), headers, body, length }, options)
    : end('refused', 'has a status that is none from 200 to 599');
}
