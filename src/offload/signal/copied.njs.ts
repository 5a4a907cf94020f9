/** A signal by X-Accel-Redirect, some of whose headers nginx copies to the client's answer. */

/** js_set: removes them, and is empty. */
export function dropCopied(r: NginxHTTPRequest): string {
  const headers = r.headersOut;
  delete headers['Set-Cookie'];
  delete headers['Cache-Control'];
  delete headers.Expires;
  delete headers['Content-Disposition'];
  delete headers['Accept-Ranges'];
  delete headers['Content-Type'];
  return '';
}
