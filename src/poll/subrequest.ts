/** One poll: a subrequest to a location that includes offload/poll.conf. */

import { type Target, targetUri } from '../signal/target';

/**
 * @param method how the app is asked
 * @param headersOnly the body is left with the app
 * @param then called once, with the reply
 */
export function poll(
  r: NginxHTTPRequest,
  target: Target,
  method: 'DELETE' | 'GET' | 'POST',
  headersOnly: boolean,
  then: (reply: NginxHTTPRequest) => void,
): void {
  // what the snippets tell the app in each protocol, in the place of the main request's own
  const variables = r.variables;
  variables.offload_request_method = method;
  variables.offload_request_uri = targetUri(target);
  variables.offload_content_length = '0';
  variables.offload_content_type = '';
  variables.offload_poll = '';
  const options: NginxSubrequestOptions & { detached?: false } = {
    method: headersOnly ? 'HEAD' : method,
    args: target.query,
    // in the public server there is one of the client's, which is none of a poll's
    body: '',
  };
  r.subrequest(target.path, options, then);
}

/**
 * Whether the last poll reached a location that may be polled: one with poll.conf sets the
 * variable, which a subrequest shares with its parent, and so does one with fastcgi.conf; the
 * others of the public server bear a mark.
 */
export function wasServed(r: NginxHTTPRequest, reply: NginxHTTPRequest): boolean {
  return r.variables.offload_poll === '1' || reply.variables.offload_is_marked === '1';
}

/**
 * Whether the app answered with something that is no HTTP: nginx takes it for the body of an
 * HTTP/0.9 answer, and a subrequest has the version of its main request otherwise.
 */
export function isGarbage(reply: NginxHTTPRequest): boolean {
  return reply.httpVersion === '0.9';
}

/** Bytes of body that came with a reply. */
export function bodyLength(reply: NginxHTTPRequest): number {
  const body = reply.responseBuffer;
  return body ? body.length : 0;
}
