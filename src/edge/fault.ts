/**
 * js_content of @offload_fault in the public server: what the waiter decided against, and
 * tries that broke off.
 *
 * nginx goes through all the lines of an upstream in a moment when none can be reached: the
 * waiter's backlog is full for an instant, or nginx is being restarted. So after a fault the
 * client pauses here, and waits on in @offload_again.
 */

/** nginx ends a request after 10 internal redirects; a round takes two of them. */
const MOST_FAULTS = 4;

const FIRST_PAUSE_MS = 200;

export function fault(r: NginxHTTPRequest): void {
  switch (r.variables.upstream_http_x_offload_verdict) {
    case 'expired':
      r.return(504);
      return;
    case 'refused':
      r.return(502);
      return;
  }

  const faults = Number(r.variables.offload_faults || '0') + 1;
  if (faults > MOST_FAULTS) {
    r.error(`offload: the waiter could not be reached ${faults} times; the client gets a 502`);
    r.return(502);
    return;
  }
  r.variables.offload_faults = String(faults);
  // 0.2 to 0.4 s, then twice that, and so on: clients that broke off together come back apart
  const pause = FIRST_PAUSE_MS * 2 ** (faults - 1) * (1 + Math.random());
  setTimeout(() => r.internalRedirect('@offload_again'), pause);
}
