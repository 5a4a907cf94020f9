/**
 * js_content of @offload_fault in the public server: clients past a limit, what the waiter
 * decided against, and tries that broke off.
 *
 * nginx goes through all the lines of an upstream in a moment when none can be reached. Where
 * the waiter is there and was only too busy for an instant, the client pauses and waits on in
 * @offload_again. Where its socket is gone, nginx is in a quit and this client was just
 * between two tries: its polls are made from here.
 */

import { readTryInPlace } from '../poll/attempt';
import { begin } from '../poll/handler';
import { isListening } from '../poll/socket';
import { giveUp, giveUpLate } from './give-up';

/** nginx ends a request after 10 internal redirects; a round takes two of them. */
const MOST_FAULTS = 4;

const FIRST_PAUSE_MS = 200;

export function fault(r: NginxHTTPRequest): void {
  const variables = r.variables;
  const verdict = variables.upstream_http_x_offload_outcome;
  if (variables.limit_conn_status === 'REJECTED') {
    r.headersOut['Retry-After'] = variables.offload_retry_after || '';
    giveUp(r, 503);
  } else if (verdict === 'timeout' || verdict === 'hung') {
    giveUpLate(r);
  } else if (verdict === 'refused') {
    giveUp(r, 502);
  } else if (verdict === 'long head') {
    variables.offload_fault = 'long head';
    r.internalRedirect('@offload_again');
  } else if (!isListening(lastAddress(variables.upstream_addr || ''))) {
    begin(readTryInPlace(r));
  } else {
    pauseAndWaitOn(r);
  }
}

/** Of `127.0.0.1:5000 : unix:/run/…, unix:/run/…`, which has an entry for each try. */
function lastAddress(addresses: string): string {
  return addresses.slice(addresses.lastIndexOf(' ') + 1);
}

function pauseAndWaitOn(r: NginxHTTPRequest): void {
  const faults = Number(r.variables.offload_faults || '0') + 1;
  if (faults > MOST_FAULTS) {
    // It costs more, and nginx does not see the client leave: but nothing is lost.
    r.warn(`offload: the waiter could not be reached ${faults} times; polls are made in place`);
    begin(readTryInPlace(r));
    return;
  }
  r.variables.offload_faults = String(faults);
  r.variables.offload_fault = '1';
  // 0.2 to 0.4 s, then twice that, and so on: clients that broke off together come back apart
  const pause = FIRST_PAUSE_MS * 2 ** (faults - 1) * (1 + Math.random());
  setTimeout(() => r.internalRedirect('@offload_again'), pause);
}
