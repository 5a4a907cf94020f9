/** The result, from the reply to a poll to the client that is held. */

import { answerBare } from './bare';
import { bodyLength } from './poll';

/**
 * @returns false where njs can't hand the reply on as it is: nothing was sent then
 */
export function handOn(r: NginxHTTPRequest, reply: NginxHTTPRequest): boolean {
  const isEmpty = bodyLength(reply) === 0;
  if (!isEmpty && isRedirect(reply.status)) {
    return false;
  }

  copyHeaders(r, reply);
  const type = reply.headersOut['Content-Type'];
  if (type !== undefined) {
    r.headersOut['Content-Type'] = type;
  }
  if (!isEmpty) {
    // r.send() of njs 0.7.9 takes strings alone, which would break bytes that are no UTF-8
    r.return(reply.status, reply.responseBuffer as Buffer);
    return true;
  }
  answerBare(r, reply.status);
  return true;
}

/** rawHeadersOut has each line that the app sent, several of one name among them. */
function copyHeaders(r: NginxHTTPRequest, reply: NginxHTTPRequest): void {
  const lines = reply.rawHeadersOut;
  // no prototype: an app may call a header "constructor"
  const byName: { [lowerCase: string]: { name: string; values: string[] } } = Object.create(null);
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] as unknown as [string, string];
    const key = line[0].toLowerCase();
    if (isHandedOn(key)) {
      const known = byName[key];
      if (known === undefined) {
        byName[key] = { name: line[0], values: [line[1]] };
      } else {
        known.values.push(line[1]);
      }
    }
  }
  const keys = Object.keys(byName);
  for (let i = 0; i < keys.length; i++) {
    const header = byName[keys[i] as string] as { name: string; values: string[] };
    r.headersOut[header.name] =
      header.values.length === 1 ? (header.values[0] as string) : header.values;
  }
}

/** Some belong to one connection, and some nginx writes itself. */
function isHandedOn(lowerCase: string): boolean {
  switch (lowerCase) {
    case 'connection':
    case 'content-length':
    case 'content-type':
    case 'date':
    case 'keep-alive':
    case 'proxy-connection':
    case 'server':
    case 'te':
    case 'trailer':
    case 'transfer-encoding':
    case 'upgrade':
      return false;
    default:
      return true;
  }
}

/** Statuses of which r.return() makes a redirect to the body. */
function isRedirect(status: number): boolean {
  return (status >= 301 && status <= 303) || status === 307 || status === 308;
}
