/**
 * An answer without a body, sent at once. r.return() of njs 0.7.9 does neither for an error:
 * it waits for a subrequest that hangs, and an error_page of http {} could take its place.
 */
export function answerBare(r: NginxHTTPRequest, status: number): void {
  r.status = status;
  if (status !== 204 && status !== 304) {
    r.headersOut['Content-Length'] = '0';
  }
  try {
    r.sendHeader();
    r.finish();
  } catch (_) {
    // who asked has left
  }
}
