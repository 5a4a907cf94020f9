/** The result, from the reply to a poll to the client that is held. */

import { bodyLength } from '../poll/subrequest';
import { answerBare } from './bare';
import { isHandedOn, isWritable } from './headers';

/**
 * @returns false where njs can't hand the reply on as it is: nothing was sent then
 */
export function handOn(r: NginxHTTPRequest, reply: NginxHTTPRequest): boolean {
  const isEmpty = bodyLength(reply) === 0;
  if (!isEmpty && isRedirect(reply.status)) {
    return false;
  }
  const lines = handedOn(reply);
  const type = reply.headersOut['Content-Type'];
  if (lines === undefined || (type !== undefined && !isWritable('Content-Type', type))) {
    return false;
  }

  setHeaders(r, lines);
  if (type !== undefined) {
    r.headersOut['Content-Type'] = type;
  }
  if (!isEmpty) {
    // r.send() of njs 0.7.9 takes strings alone, which would break bytes that are no UTF-8
    r.return(reply.status, reply.responseBuffer as Buffer);
    return true;
  }
  const length = reply.headersOut['Content-Length'];
  if (reply.status === 304 && length !== undefined) {
    // of the body that the client has
    r.headersOut['Content-Length'] = length;
  }
  answerBare(r, reply.status);
  return true;
}

/** Of the 2 KB that @offload has for a head, less what nginx adds of its own. */
const LONGEST_HEAD = 1536;

/** Whether the head of a reply needs larger buffers. Where njs counts too few, @offload_fault sees to it. */
export function isLongHead(reply: NginxHTTPRequest): boolean {
  const lines = reply.rawHeadersOut as unknown as Line[];
  let length = 0;
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] as Line;
    length += line[0].length + line[1].length + 4;
  }
  return length > LONGEST_HEAD;
}

/** Name and value. */
type Line = [string, string];

/**
 * rawHeadersOut has each line that the app sent, several of one name among them.
 *
 * @returns undefined where njs can't write all that is handed on
 */
function handedOn(reply: NginxHTTPRequest): Line[] | undefined {
  const all = reply.rawHeadersOut as unknown as Line[];
  const connection = reply.variables.upstream_http_connection || '';
  const lines: Line[] = [];
  let encodings = 0;
  for (let i = 0; i < all.length; i++) {
    const line = all[i] as Line;
    const name = line[0].toLowerCase();
    if (isHandedOn(name, connection)) {
      // of these njs keeps one
      encodings += name === 'content-encoding' ? 1 : 0;
      if (encodings > 1 || !isWritable(line[0], line[1])) {
        return undefined;
      }
      lines.push(line);
    }
  }
  return lines;
}

/** Setting a header replaces all of its name, so lines of one name are set together. */
function setHeaders(r: NginxHTTPRequest, lines: Line[]): void {
  const isSet: boolean[] = [];
  for (let i = 0; i < lines.length; i++) {
    if (isSet[i] !== true) {
      const line = lines[i] as Line;
      const name = line[0].toLowerCase();
      const values = [line[1]];
      for (let j = i + 1; j < lines.length; j++) {
        const other = lines[j] as Line;
        if (other[0].toLowerCase() === name) {
          values.push(other[1]);
          isSet[j] = true;
        }
      }
      r.headersOut[line[0]] = values.length === 1 ? line[1] : values;
    }
  }
}

/** Statuses of which r.return() makes a redirect to the body. */
function isRedirect(status: number): boolean {
  return (status >= 301 && status <= 303) || status === 307 || status === 308;
}
