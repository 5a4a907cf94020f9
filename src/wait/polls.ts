/** js_set of $offload_polls: asked for by an access log, at the end of a request. */

import { pollsOf } from '../poll/count';

export function polls(r: NginxHTTPRequest): string {
  return String(countPolls(r));
}

/** @param r a request of the public server */
export function countPolls(r: NginxHTTPRequest): number {
  const isExpired = r.variables.upstream_http_x_offload_outcome === 'timeout';
  const isTold = r.variables.offload_told === '1';
  return pollsOf(r.variables.upstream_status || '', isExpired, isTold);
}
