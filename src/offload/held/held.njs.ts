/**
 * The held request in the public server: @offload_fault has requests past a limit, attempts that ended
 * with an outcome, and those whose connection to the waiter failed.
 */

import { quoted } from '../../shared/quoted';
import { isListening } from '../app/socket.njs';
import { isSentOn, readSentOn } from '../hop/due';
import { readTimeout } from '../schedule/settings';
import { countPolls } from './count';
import { decideOnFault } from './fault';
import { type Way, wayOf } from './ways';

/** js_content of @offload_fault. */
export function fault(r: NginxHTTPRequest): void {
  const variables = r.variables;
  if ((variables.offload_otherwise || '') !== '') {
    // not a fault: @offload can lead there in no other way
    r.internalRedirect('@offload_operation');
    return;
  }
  const way = wayOf(variables);
  const failures = Number(variables.offload_failures || '0');
  const outcome = ((variables.upstream_http_x_pad || '').split('=')[0] as string) || '';
  // hop/server.conf is included in this server, and its keys are no empty file
  const hasHop = variables.offload_hop_here === '1' && (variables.offload_hop_key || '') !== '';
  const isOverLimit = variables.limit_conn_status === 'REJECTED';
  const action = decideOnFault({
    isOverLimit,
    isBack: (variables.offload_hop_rest || '') !== '',
    way,
    isPublic: (variables.offload_public || '') !== '',
    isSentOn: hasHop && isSentOn(variables.offload_sent_on || ''),
    isQuit: hasHop && isQuit(r),
    continues: readSentOn(variables.offload_sent_on || '').continues,
    canContinue: hasHop,
    canPoll: (variables.offload_url || '') !== '',
    isListening: isThere(r, way),
    outcome,
    failures,
    waited: waited(r),
    timeout: readTimeout(variables.offload_timeout || ''),
    random: Math.random(),
  });
  switch (action.do) {
    case 'again':
      if (outcome !== 'long_header') {
        variables.offload_failures = String(failures + 1);
      }
      variables.offload_fault = '1';
      if (action.isReplaced) {
        pollInstead(r, way);
      }
      setTimeout(() => r.internalRedirect(action.at), action.pause);
      break;
    case 'reject':
      reject(r, way, isOverLimit, action.mustCancel);
      break;
    case 'send on':
      if (hasHop) {
        variables.offload_hop_status = String(action.status);
        r.internalRedirect('@offload_hop');
      } else {
        waitHere(r, way);
      }
      break;
    case 'accept':
      if (outcome !== 'refused') {
        r.error(`offload: ${noResult(r, way)}; the client gets a 202, and its job goes on`);
      }
      r.headersOut.Location = way.publicUrlOf(variables);
      r.headersOut['Retry-After'] = variables.offload_retry_after || '';
      r.return(202);
      break;
    case 'answer':
      if (action.status === 504) {
        r.error(`offload: ${noResult(r, way)}; the client gets a 504`);
      }
      cancelThen(r, action.mustCancel, () => r.return(action.status));
  }
}

/** The waiter has said that the client is to be sent on, and can't be. */
function waitHere(r: NginxHTTPRequest, way: Way): void {
  const variables = r.variables;
  r.error(
    'offload: $offload_hop is set in a server that does not include offload/hop/server.conf, or has a rewrite above it: it is off',
  );
  variables.offload_sent_on = `;;${(variables.upstream_http_x_pad || '').split('=')[1] || ''}`;
  r.internalRedirect(way.afterFirst);
}

function pollInstead(r: NginxHTTPRequest, way: Way): void {
  const variables = r.variables;
  r.warn(`offload: ${quoted(way.nameOf(variables))} is polled: ${whyLost(r, way)}`);
  variables.offload_first_poll = String((variables.upstream_status || '').split(' : ').length);
  way.leave(variables);
}

function isThere(r: NginxHTTPRequest, way: Way): boolean {
  return way.absent === '' || isListening(lastSocket(r));
}

/** In a quit the socket of the waiter is gone, which is beside any other. */
function isQuit(r: NginxHTTPRequest): boolean {
  const socket = lastSocket(r);
  return !isListening(`${socket.slice(0, socket.lastIndexOf('/'))}/waiter.sock`);
}

/** Path of the private socket of the last attempt. */
function lastSocket(r: NginxHTTPRequest): string {
  const addresses = (r.variables.upstream_addr || '').split('unix:');
  return addresses[addresses.length - 1] as string;
}

/** For the error log. */
function whyLost(r: NginxHTTPRequest, way: Way): string {
  if (r.variables.upstream_http_x_pad === 'talkative') {
    return 'its task publishes too much';
  }
  return isThere(r, way) ? way.lost : way.absent;
}

/** nginx's own line before it has the name of the limit. */
const PAST_A_LIMIT =
  'too many clients are held: raise offload_held or offload_held_by_address in limits.conf, and worker_connections';

function reject(r: NginxHTTPRequest, way: Way, isPastLimit: boolean, mustCancel: boolean): void {
  r.headersOut['Retry-After'] = r.variables.offload_retry_after || '';
  const why = isPastLimit ? PAST_A_LIMIT : `${noResult(r, way)}: ${whyLost(r, way)}`;
  r.error(`offload: ${why}; the client gets a 503`);
  cancelThen(r, mustCancel, () => r.return(503));
}

/** @param then called when the waiter knows that it is to cancel the job, if it is to: it answers at once */
export function cancelThen(r: NginxHTTPRequest, mustCancel: boolean, then: () => void): void {
  if (mustCancel && (r.variables.offload_cancel || '') !== '') {
    r.subrequest('/.offload/cancel', { method: 'POST', body: '' }, then);
  } else {
    then();
  }
}

function noResult(r: NginxHTTPRequest, way: Way): string {
  const seconds = (waited(r) / 1000).toFixed(1);
  const of = `no result of ${quoted(way.nameOf(r.variables))} in ${seconds} s`;
  return way.place === '' ? `${of} and ${polls(r)} polls` : of + way.place;
}

/** ms since the signal; 0 if the clock was set back. */
function waited(r: NginxHTTPRequest): number {
  return Math.max(Date.now() - Number(r.variables.offload_since || '0') * 1000, 0);
}

/** js_set of $offload_counted_polls, for an access log. */
export function polls(r: NginxHTTPRequest): string {
  const variables = r.variables;
  const from = variables.offload_first_poll || '';
  if (from === '') {
    return '0';
  }
  const isTimeout = variables.upstream_http_x_pad === 'timeout';
  const isCancelled = variables.offload_cancelled === '1';
  return String(countPolls(variables.upstream_status || '', Number(from), isTimeout, isCancelled));
}
