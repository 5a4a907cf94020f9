/**
 * The held request in the public server: @offload_fault has requests past a limit, attempts that ended
 * with an outcome, and those whose connection to the waiter failed.
 */

import fs from 'fs';
import { quoted } from '../../shared/quoted';
import { readTimeout } from '../schedule/settings';
import { countPolls } from './count';
import { type Again, decideOnFault } from './fault';

const LOCATIONS: Record<Again, string> = {
  poll: '@offload_again',
  away: '@offload_redis_away',
  repeated: '@offload_redis_repeated',
};

/** js_content of @offload_fault. */
export function fault(r: NginxHTTPRequest): void {
  const variables = r.variables;
  const failures = Number(variables.offload_failures || '0');
  const outcome = variables.upstream_http_x_pad || '';
  const isRedis = redisIdOf(r) !== '';
  const action = decideOnFault({
    isOverLimit: variables.limit_conn_status === 'REJECTED',
    isRedis,
    canPoll: (variables.offload_url || '') !== '',
    isListening: isRedis ? isListening(r) : true,
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
      if (isRedis && action.at === 'poll') {
        pollInstead(r);
      }
      setTimeout(() => r.internalRedirect(LOCATIONS[action.at]), action.pause);
      break;
    case 'reject':
      reject(r, action.isCancelled);
      break;
    case 'answer':
      if (action.status === 504) {
        r.error(`offload: ${noResult(r)}; the client gets a 504`);
      }
      cancelled(r, action.isCancelled, () => r.return(action.status));
  }
}

/** The id of a result in Redis; empty if the app is polled. */
function redisIdOf(r: NginxHTTPRequest): string {
  const variables = r.variables;
  return variables.offload_celery || variables.offload_stream || variables.offload_rq || '';
}

/** There is no result from Redis, and the signal names a path to poll as well. */
function pollInstead(r: NginxHTTPRequest): void {
  const variables = r.variables;
  r.warn(`offload: ${quoted(redisIdOf(r))} is polled: ${whyNotRedis(r)}`);
  variables.offload_polled_from = String((variables.upstream_status || '').split(' : ').length);
  variables.offload_celery = '';
  variables.offload_stream = '';
  variables.offload_rq = '';
}

/** Whether the Redis waiter's socket exists: not without redis/waiter.conf, and not in a quit. */
function isListening(r: NginxHTTPRequest): boolean {
  const addresses = (r.variables.upstream_addr || '').split('unix:');
  try {
    fs.accessSync(addresses[addresses.length - 1] as string);
    return true;
  } catch {
    return false;
  }
}

/** For the error log. */
function whyNotRedis(r: NginxHTTPRequest): string {
  if (r.variables.upstream_http_x_pad === 'talkative') {
    return 'its task publishes too much';
  }
  return isListening(r)
    ? 'Redis is away or refuses'
    : 'stream {} includes no offload/redis/waiter.conf, or nginx is in a quit';
}

/** nginx's own line before it has the name of the limit. */
const PAST_A_LIMIT =
  'too many clients are held: raise offload_held or offload_held_by_address in limits.conf, and worker_connections';

function reject(r: NginxHTTPRequest, isCancelled: boolean): void {
  const variables = r.variables;
  r.headersOut['Retry-After'] = variables.offload_retry_after || '';
  if (isCancelled) {
    r.error(`offload: ${PAST_A_LIMIT}; the client gets a 503`);
  } else {
    const which = redisIdOf(r) === '' ? "the waiter can't be reached" : whyNotRedis(r);
    r.error(`offload: ${noResult(r)}: ${which}; the client gets a 503`);
  }
  cancelled(r, isCancelled, () => r.return(503));
}

/** @param then called when the waiter knows that it is to cancel the job, if it is to: it answers at once */
function cancelled(r: NginxHTTPRequest, isCancelled: boolean, then: () => void): void {
  if (isCancelled && (r.variables.offload_cancel || '') !== '') {
    r.subrequest('/.offload/cancel', { method: 'POST', body: '' }, then);
  } else {
    then();
  }
}

function noResult(r: NginxHTTPRequest): string {
  const variables = r.variables;
  const args = variables.offload_args || '';
  const path = (variables.offload_url || '') + (args === '' ? '' : ` ${args}`);
  const id = redisIdOf(r);
  const seconds = (waited(r) / 1000).toFixed(1);
  return id === ''
    ? `no result of ${quoted(path)} in ${seconds} s and ${polls(r)} polls`
    : `no result of ${quoted(id)} in ${seconds} s on Redis`;
}

/** ms since the signal; 0 if the clock was set back. */
function waited(r: NginxHTTPRequest): number {
  return Math.max(Date.now() - Number(r.variables.offload_since || '0') * 1000, 0);
}

/** js_set of $offload_counted_polls, for an access log. */
export function polls(r: NginxHTTPRequest): string {
  const variables = r.variables;
  const from = variables.offload_polled_from || '';
  if (from === 'none') {
    return '0';
  }
  const isTimeout = variables.upstream_http_x_pad === 'timeout';
  const isCancelled = variables.offload_cancelled === '1';
  return String(countPolls(variables.upstream_status || '', Number(from), isTimeout, isCancelled));
}
