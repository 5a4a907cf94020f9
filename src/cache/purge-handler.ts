/**
 * js_content of the purge: takes one answer out of the cache by removing its file, as nginx has no
 * directive for it. nginx looks for the file at the next request, in whichever worker process, and
 * fills it again as if there never was one.
 */

import crypto from 'crypto';
import fs from 'fs';
import { cacheFile, isPurgeable } from './purge';

export function purge(r: NginxHTTPRequest): void {
  const raw = r.rawVariables;
  if (r.method !== 'POST') {
    r.headersOut.Allow = 'POST';
    r.return(405, 'purge with POST\n');
    return;
  }
  // a proxy on this machine has an address that is allowed, and its clients have not
  const variables = r.variables;
  if (variables.http_x_forwarded_for || variables.http_forwarded || variables.http_via) {
    r.return(403, 'not through a proxy\n');
    return;
  }
  if (!isPurgeable(variables.args || '')) {
    r.return(400, 'POST /.offload/purge?https://example.com/path\n');
    return;
  }
  // as proxy_cache_key of cache/location.conf, byte for byte
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
