/**
 * The end of a held request that got no result, in the public server: the app is told that
 * nobody waits any more, and the client gets an error.
 */

import { cancelJob } from '../cancel/handler';
import { readTryInPlace, waited } from '../poll/attempt';
import { quoted } from '../shared/quoted';
import { countPolls } from './polls';

/** @param status of the client's answer; an error_page of the server holds for it */
export function giveUp(r: NginxHTTPRequest, status: number): void {
  const path = r.variables.offload_cancel || '';
  if (path === '') {
    r.return(status);
    return;
  }
  // answered at once: it is the waiter that asks the app
  r.subrequest('/.offload/cancel', { method: 'POST', body: '' }, (reply) => {
    if (reply.status === 502) {
      // in a quit there is no waiter any more
      cancelJob(r, path);
    }
    r.return(status);
  });
}

/** The deadline passed. */
export function giveUpLate(r: NginxHTTPRequest): void {
  const attempt = readTryInPlace(r);
  const seconds = (waited(attempt) / 1000).toFixed(1);
  const polls = countPolls(r);
  r.error(
    `offload: no result of ${quoted(attempt.signal)} in ${seconds} s and ${polls} polls; the client gets a 504`,
  );
  giveUp(r, 504);
}
