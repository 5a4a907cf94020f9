/** js_set of $offload_polls: asked for by an access log, at the end of a request. */

import { pollsOf } from '../decide/polls';

export function polls(r: NginxHTTPRequest): string {
  const count = pollsOf(
    r.variables.upstream_status || '',
    r.variables.upstream_http_x_offload_polls || '',
  );
  return String(count);
}
