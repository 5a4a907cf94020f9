/** The result, from the reply to a poll to the client that is held. */

/** They belong to one connection, or nginx writes them itself. */
const NOT_HANDED_ON = [
  'connection',
  'content-length',
  'content-type',
  'date',
  'keep-alive',
  'proxy-connection',
  'server',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

/** r.return() of them makes a redirect to the body. */
const REDIRECTS = [301, 302, 303, 307, 308];

/**
 * @returns false where njs can't hand the reply on as it is: nothing was sent then
 */
export function handOn(r: NginxHTTPRequest, reply: NginxHTTPRequest): boolean {
  const body = reply.responseBuffer;
  const isEmpty = !body || body.length === 0;
  if (!isEmpty && REDIRECTS.indexOf(reply.status) >= 0) {
    return false;
  }

  copyHeaders(r, reply);
  const type = reply.headersOut['Content-Type'];
  if (type !== undefined) {
    r.headersOut['Content-Type'] = type;
  }
  if (!isEmpty) {
    // r.send() of njs 0.7.9 takes strings alone, which would break bytes that are no UTF-8
    r.return(reply.status, body as Buffer);
    return true;
  }
  r.status = reply.status;
  if (reply.status !== 204 && reply.status !== 304) {
    r.headersOut['Content-Length'] = '0';
  }
  r.sendHeader();
  r.finish();
  return true;
}

/** rawHeadersOut has each line that the app sent, several of one name among them. */
function copyHeaders(r: NginxHTTPRequest, reply: NginxHTTPRequest): void {
  const lines = reply.rawHeadersOut;
  const byName: { [lowerCase: string]: { name: string; values: string[] } } = {};
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] as unknown as [string, string];
    const key = line[0].toLowerCase();
    if (NOT_HANDED_ON.indexOf(key) < 0) {
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
