/** What nginx calls for the cache: the purge, and the check of an answer before it is stored. */

import crypto from 'crypto';
import fs from 'fs';
import { cacheFile, isPurgeable } from './purge';
import { type HeaderLine, whyNotStorable } from './storable';

/**
 * js_content of the purge: removes the file of one answer, as nginx has no directive for it. At the
 * next request, nginx opens the file again, in whichever worker process, and takes it for a miss.
 */
export function purge(r: NginxHTTPRequest): void {
  const raw = r.rawVariables;
  if (r.method !== 'POST') {
    r.headersOut.Allow = 'POST';
    r.return(405, 'purge with POST\n');
    return;
  }
  // a proxy on this machine has an address that is allowed; its clients are not
  const variables = r.variables;
  if (variables.http_x_forwarded_for || variables.http_forwarded || variables.http_via) {
    r.return(403, 'not through a proxy\n');
    return;
  }
  if (!isPurgeable(variables.args || '')) {
    r.return(400, 'POST /.offload/purge?https://example.com/path\n');
    return;
  }
  // the bytes of proxy_cache_key in cache/location.conf
  const hash = crypto.createHash('md5');
  hash.update(raw.args as Buffer);
  hash.update(' ');
  hash.update(r.headersIn['X-Offload-Variant'] || '');
  try {
    fs.unlinkSync(cacheFile(variables.offload_cache_path || '', hash.digest('hex') as string));
  } catch (error) {
    const isGone = (error as { code?: string }).code === 'ENOENT';
    if (!isGone) {
      r.error(`offload: not purged: ${(error as Error).message}`);
    }
    r.return(isGone ? 404 : 500, isGone ? 'not there\n' : 'not purged: see the error log\n');
    return;
  }
  r.return(200, 'purged\n');
}

/**
 * js_set: `storable`, or why an answer must not be stored. nginx evaluates it for each answer that
 * it could store, never for a hit. Where it throws, the variable is empty and the answer is not
 * stored (nginx/cache/http.conf).
 */
export function storable(r: NginxHTTPRequest): string {
  const lines = r.rawHeadersOut as unknown as HeaderLine[];
  const reason = whyNotStorable(lines, (r.variables.offload_cache_variant || '') !== '');
  if (reason !== '') {
    // requests that wait for such an answer are passed to the app one after the other
    r.warn(`offload: the answer is not cached: ${reason}`);
  }
  return reason || 'storable';
}
