/** Forwards the answer to a poll to the held client. */

import { answerBare } from '../app/request.njs';
import { contentTypeOf } from '../poll/protocol';
import type { HeaderLine } from './headers';

/**
 * @param lines the header lines to forward (see headers.ts)
 * @param status for the client
 */
export function forward(
  r: NginxHTTPRequest,
  reply: NginxHTTPRequest,
  lines: HeaderLine[],
  status: number,
): void {
  setHeaders(r, lines);
  const type = contentTypeOf(reply);
  if (type !== undefined) {
    r.headersOut['Content-Type'] = type;
  }
  const body = reply.responseBuffer;
  if (body && body.length > 0) {
    // r.send() of njs 0.7.9 takes strings only, which would change bytes that are not UTF-8
    r.return(status, body);
    return;
  }
  const length = reply.headersOut['Content-Length'];
  if (status === 304 && length !== undefined) {
    // of the body that the client has
    r.headersOut['Content-Length'] = length;
  }
  answerBare(r, status);
}

/** All lines of an answer, those that operation.conf hides among them. */
export function linesOf(reply: NginxHTTPRequest): HeaderLine[] {
  const lines = reply.rawHeadersOut as unknown as HeaderLine[];
  if (reply.headersOut['Content-Type'] === undefined) {
    addHidden(lines, 'Cache-Control', reply.variables.upstream_http_cache_control);
    addHidden(lines, 'Expires', reply.variables.upstream_http_expires);
  }
  return lines;
}

function addHidden(lines: HeaderLine[], name: string, value: string | undefined): void {
  for (let i = 0; i < lines.length; i++) {
    if ((lines[i] as HeaderLine)[0].toLowerCase() === name.toLowerCase()) {
      return;
    }
  }
  if (value !== undefined && value !== '') {
    lines.push([name, value]);
  }
}

/** In place of the name of a line that is set; none has it. */
const SET = '';

/** Setting a header replaces all lines of its name, so lines of one name are set together. */
function setHeaders(r: NginxHTTPRequest, lines: HeaderLine[]): void {
  const count = lines.length;
  const names: string[] = [];
  for (let i = 0; i < count; i++) {
    names.push((lines[i] as HeaderLine)[0].toLowerCase());
  }
  for (let i = 0; i < count; i++) {
    const name = names[i];
    if (name !== SET) {
      const line = lines[i] as HeaderLine;
      const values = [line[1]];
      for (let j = i + 1; j < count; j++) {
        if (names[j] === name) {
          values.push((lines[j] as HeaderLine)[1]);
          names[j] = SET;
        }
      }
      r.headersOut[line[0]] = values.length === 1 ? line[1] : values;
    }
  }
}
