/**
 * js_content of @offload_end: post_action of the held request, which nginx runs once at its
 * end, whoever ended it and in whichever worker process. A client that left is one that no
 * header was sent to.
 *
 * post_action is in no documentation and in every nginx; its status must be set by what runs
 * last, or the access log would show that of a 500.
 */
export function end(r: NginxHTTPRequest): void {
  if (r.status === 0) {
    const isToBeTold = (r.variables.offload_cancel || '') !== '';
    r.variables.offload_told = isToBeTold ? '1' : '';
    r.internalRedirect(isToBeTold ? '@offload_cancel' : '@offload_left');
    return;
  }
  try {
    r.finish();
  } catch (_) {
    // the client left within the result
  }
}
