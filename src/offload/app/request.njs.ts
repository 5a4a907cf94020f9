/** What the handlers of several folders need of nginx: what @offload tells, a request to the app, an answer without body. */

import { PORT, REQUEST_ID, readTold, SAID, SCHEME } from '../../shared/told';
import { type Target, targetUri } from '../signal/target';

/** What @offload tells the waiter; the locations of polls have scheme, port and id as variables. */
export function hear(r: NginxHTTPRequest): string[] {
  const told = readTold(r.headersIn.TE);
  const variables = r.variables;
  variables.offload_scheme = told[SCHEME] === 'https' ? 'https' : 'http';
  variables.offload_port = told[PORT] || '';
  variables.offload_request_id = told[REQUEST_ID] || '';
  return told;
}

/**
 * Requests a location of the waiter that includes offload/poll.conf.
 *
 * @param method as the app sees it
 * @param headersOnly do not read the body of the response
 * @param then called once, with the response
 */
export function request(
  r: NginxHTTPRequest,
  target: Target,
  method: 'DELETE' | 'GET' | 'POST',
  headersOnly: boolean,
  then: (reply: NginxHTTPRequest) => void,
): void {
  // $request_method and $request_uri of a subrequest are those of its main request
  const variables = r.variables;
  variables.offload_request_method = method;
  variables.offload_request_uri = targetUri(target);
  variables.offload_unserved = 'offload_poll_conf_is_not_included';
  const options: NginxSubrequestOptions & { detached?: false } = {
    method: headersOnly ? 'HEAD' : method,
    args: target.query,
    body: '',
  };
  r.subrequest(target.path, options, then);
}

/** Whether a location with poll.conf took the last request, as it sets the variable. */
export function isServed(r: NginxHTTPRequest): boolean {
  return r.variables.offload_unserved === 'off';
}

/** A response that is not HTTP is one of HTTP/0.9 to nginx; others have the main request's version. */
export function isHttp(reply: NginxHTTPRequest): boolean {
  return reply.httpVersion !== '0.9';
}

/**
 * Sends a response without body, at once. r.return() of njs 0.7.9 waits for a pending subrequest,
 * and an error_page of http {} applies to it.
 */
export function answerBare(r: NginxHTTPRequest, status: number): void {
  r.status = status;
  if (status !== 204 && status !== 304) {
    r.headersOut['Content-Length'] = '0';
  }
  try {
    r.sendHeader();
    r.finish();
  } catch (_) {
    // the client has disconnected
  }
}

/**
 * Ends an attempt with an outcome that @offload_fault reads; 502 is a failed connection alone.
 *
 * @param outcome an Outcome, or one of hopOutcome
 */
export function answerOutcome(r: NginxHTTPRequest, outcome: string): void {
  r.headersOut[SAID] = outcome;
  answerBare(r, 504);
}
