/**
 * Calls with the same Idempotency-Key are one call to the app. nginx's cache holds all but the first one (waiter.conf of
 * join/), by a hash that is made here, as is the choice of what it keeps of the first answer.
 */

import crypto from 'crypto';
import { type Call, isHeld, leftOut, textOf } from './call';

/** js_content of a location whose call has a key, behind its access rules. Its body is read by then, and is sent on. */
export function join(r: NginxHTTPRequest): void {
  const variables = r.variables;
  if (r.uri.startsWith('/.offload/')) {
    // the private server's own locations
    r.return(404);
    return;
  }
  variables.offload_join_key = hash(variables.offload_idempotency_key || '', '');
  r.internalRedirect('@offload_join');
}

/** js_content of /.offload/join/ in the private server, which has the body in memory. */
export function compare(r: NginxHTTPRequest): void {
  const variables = r.variables;
  const body = bodyOf(r);
  if (body === undefined) {
    r.warn('offload: a call with an Idempotency-Key is not joined: its body is larger than 1 MB');
  }
  variables.offload_join_key = body === undefined ? '' : hash(textOf(callOf(r)), body);
  r.internalRedirect('/.offload/joined');
}

function callOf(r: NginxHTTPRequest): Call {
  const variables = r.variables;
  const headers = r.headersIn;
  return {
    key: variables.offload_join_key || '',
    method: variables.offload_join_method || '',
    host: headers.Host || '',
    uri: variables.offload_join_uri || '',
    authorization: headers.Authorization || '',
    cookie: headers.Cookie || '',
    identity: variables.offload_identity || '',
    contentType: headers['Content-Type'] || '',
    contentEncoding: headers['Content-Encoding'] || '',
    prefer: headers.Prefer || '',
  };
}

/** Bytes, as client_body_buffer_size of the location. */
const LARGEST_BODY = 1024 * 1024;

/** @returns undefined if it is too large; the public server sends its length */
function bodyOf(r: NginxHTTPRequest): Buffer | string | undefined {
  const length = Number(r.headersIn['Content-Length'] || '0');
  return length > LARGEST_BODY ? undefined : r.requestBuffer || '';
}

function hash(text: string, body: Buffer | string): string {
  return crypto.createHash('sha256').update(text).update(body).digest('base64url');
}

/** js_header_filter: of an answer that is held, only what names its job; others are not kept, and pass at once. */
export function keepSignal(r: NginxHTTPRequest): void {
  const headers = r.headersOut;
  if (!isHeld(headers['X-Accel-Redirect'])) {
    headers['X-Accel-Buffering'] = 'no';
    return;
  }
  const names = leftOut(r.rawHeadersOut.map((line) => line[0]));
  for (let i = 0; i < names.length; i++) {
    delete headers[names[i] as string];
  }
  headers['Content-Length'] = '0';
}

/** js_body_filter: nor its body. */
export function dropBody(
  r: NginxHTTPRequest,
  data: Buffer,
  flags: NginxHTTPSendBufferOptions,
): void {
  if (isHeld(r.headersOut['X-Accel-Redirect'])) {
    if (flags.last) {
      r.sendBuffer('', flags);
    }
    return;
  }
  r.sendBuffer(data, flags);
  r.done();
}
