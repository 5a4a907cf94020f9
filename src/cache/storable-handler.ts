/**
 * js_set of the cache: whether an answer for an anonymous visitor may be kept. nginx asks once for
 * each answer that it could keep, never for one that comes from the cache; an answer that JavaScript
 * fails to look at is not kept (nginx/cache/http.conf).
 */

import { type HeaderLine, STORABLE, storable } from './storable';

export function verdict(r: NginxHTTPRequest): string {
  const lines = r.rawHeadersOut as unknown as HeaderLine[];
  const found = storable(lines, (r.variables.offload_cache_variant || '') !== '');
  if (found !== STORABLE) {
    // who waits for such an answer asks again by himself, one after the other: worth a line
    r.warn(`offload: the answer is not cached: ${found}`);
  }
  return found;
}
