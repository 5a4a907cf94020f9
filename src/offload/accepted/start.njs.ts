/**
 * The first call of accepted-json.conf: its answer is read, as its JSON may name an operation. If it does, nginx holds the
 * client as for a 202 with a Location; any other answer is the client's.
 */

import { isRefusal } from '../../shared/checked';
import { SAID } from '../../shared/told';
import { answerBare } from '../app/request.njs';
import { contentTypeOf } from '../poll/protocol';
import { forward, linesOf } from '../result/forward.njs';
import { writable } from '../result/headers';
import { readTarget, type Target } from '../signal/target';
import { decideOnStart, mayStart, readCall } from './start';

const LOCATION = '/.offload/start';

/** js_content of /.offload/start/ in the waiter, which accepted-json.conf puts before the URI of the call. */
export function start(r: NginxHTTPRequest): void {
  if (r.parent) {
    // a signal named the waiter's own location
    answerBare(r, 404);
    return;
  }
  const variables = r.variables;
  const uri = (variables.request_uri || '').slice(LOCATION.length);
  variables.offload_request_uri = uri;
  variables.offload_request_method = r.method;
  const target = readTarget(uri);
  if (isRefusal(target) || !mayStart(r.method)) {
    // JavaScript can't pass such a URI on as it is: nginx does, and the answer is not read
    r.internalRedirect(uri);
    return;
  }
  call(r, target);
}

function call(r: NginxHTTPRequest, target: Target): void {
  const options: NginxSubrequestOptions & { detached?: false } = {
    method: r.method as 'POST',
    args: target.query,
  };
  r.subrequest(target.path, options, (reply) => {
    const headers = reply.headersOut;
    const body = reply.responseBuffer;
    const started = {
      status: reply.status,
      contentType: contentTypeOf(reply),
      contentLength: r.method === 'HEAD' ? undefined : headers['Content-Length'],
      bodyLength: body ? body.length : 0,
      body: reply,
    };
    const isAsync = r.variables.offload_prefer === 'async';
    const action = decideOnStart(readCall(r.headersIn.TE), started, isAsync);
    switch (action.do) {
      case 'hold':
        hold(r, reply, action.url);
        break;
      case 'lost':
        leadTo(r, '@offload_unanswered_502', 502);
        break;
      case 'pass':
        pass(r, reply, action.status);
    }
  });
}

function hold(r: NginxHTTPRequest, reply: NginxHTTPRequest, url: string): void {
  const retryAfter = reply.headersOut['Retry-After'];
  if (retryAfter !== undefined) {
    r.headersOut['Retry-After'] = retryAfter;
  }
  r.headersOut.Location = url;
  r.headersOut[SAID] = reply.variables.offload_any_upstream_host || '';
  leadTo(r, '@offload_operation', 202);
}

/** The public server goes on there. */
function leadTo(r: NginxHTTPRequest, location: string, status: number): void {
  r.headersOut['X-Accel-Redirect'] = location;
  answerBare(r, status);
}

function pass(r: NginxHTTPRequest, reply: NginxHTTPRequest, status: number): void {
  // as add_header of operation.conf does, which nginx does not run in a subrequest
  const noted = reply.variables.offload_accepted || '';
  if (noted === '@offload_operation') {
    hold(r, reply, reply.variables.offload_named_operation || '');
    return;
  }
  if (noted !== '') {
    leadTo(r, noted, status);
    return;
  }
  const lines = writable({
    status,
    lines: linesOf(reply),
    contentType: undefined,
    connection: reply.variables.upstream_http_connection || '',
    bodyLength: 0,
  });
  forward(r, reply, lines, status);
}
