/** How long a client prefers to wait, by RFC 7240. */

import { readTimeout } from '../schedule/settings';
import { preferredWait } from './prefer';

/** js_set of $offload_preferred_timeout: the client's timeout where it has a preference. */
export function preferredTimeout(r: NginxHTTPRequest): string {
  const variables = r.variables;
  const timeout = variables.offload_timeout || '';
  const longest = variables.offload_longest_wait || '';
  const wait = preferredWait(variables.http_prefer || '');
  const most = readTimeout(longest === '' ? timeout : longest);
  return wait === undefined ? timeout : `${Math.min(wait, most)}ms`;
}
