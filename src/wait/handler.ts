/**
 * The held request in the public server: @offload_fault has requests past a limit, attempts that ended
 * with an outcome, and those whose connection to the waiter failed.
 */

import { readTimeout } from '../schedule/settings';
import { quoted } from '../shared/quoted';
import { countPolls } from './count';
import { decideOnFault } from './decide';

/** js_content of @offload_fault. */
export function fault(r: NginxHTTPRequest): void {
  const variables = r.variables;
  const failures = Number(variables.offload_failures || '0');
  const outcome = variables.upstream_http_x_offload_outcome || '';
  const action = decideOnFault({
    isOverLimit: variables.limit_conn_status === 'REJECTED',
    outcome,
    failures,
    waited: waited(r),
    timeout: readTimeout(variables.offload_timeout || ''),
    random: Math.random(),
  });
  switch (action.do) {
    case 'again':
      if (outcome === '') {
        variables.offload_failures = String(failures + 1);
      }
      variables.offload_fault = '1';
      setTimeout(() => r.internalRedirect('@offload_again'), action.pause);
      break;
    case 'reject':
      reject(r, action.isCancelled);
      break;
    case 'answer':
      if (action.status === 504) {
        r.error(`offload: ${noResult(r)}; the client gets a 504`);
      }
      r.return(action.status);
  }
}

function reject(r: NginxHTTPRequest, isCancelled: boolean): void {
  const variables = r.variables;
  r.headersOut['Retry-After'] = variables.offload_retry_after || '';
  if (!isCancelled) {
    r.error(`offload: ${noResult(r)}: the waiter can't be reached; the client gets a 503`);
    r.return(503);
  } else if ((variables.offload_cancel || '') === '') {
    r.return(503);
  } else {
    // answered at once: it is the waiter that requests the app
    r.subrequest('/.offload/cancel', { method: 'POST', body: '' }, () => r.return(503));
  }
}

function noResult(r: NginxHTTPRequest): string {
  const variables = r.variables;
  const args = variables.offload_args || '';
  const signal = (variables.offload_url || '') + (args === '' ? '' : ` ${args}`);
  const seconds = (waited(r) / 1000).toFixed(1);
  return `no result of ${quoted(signal)} in ${seconds} s and ${polls(r)} polls`;
}

/** ms since the signal; 0 if the clock was set back. */
function waited(r: NginxHTTPRequest): number {
  return Math.max(Date.now() - Number(r.variables.offload_since || '0') * 1000, 0);
}

/** js_set of $offload_counted_polls, for an access log. */
export function polls(r: NginxHTTPRequest): string {
  const variables = r.variables;
  const isTimeout = variables.upstream_http_x_offload_outcome === 'timeout';
  const isCancelled = variables.offload_cancelled === '1';
  return String(countPolls(variables.upstream_status || '', isTimeout, isCancelled));
}
