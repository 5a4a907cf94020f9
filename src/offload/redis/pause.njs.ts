/** The pause between two attempts of the public server to reach Redis: by the backoff, as that of polls. */

import * as words from '../../shared/told';
import { answerBare } from '../app/request.njs';
import { pauseUntil, placeOf, readSchedule } from '../schedule/schedule';

/** js_content of @offload_redis_pause: a pause, or the end of the wait. */
export function backoff(r: NginxHTTPRequest): void {
  const told = words.readTold(r.headersIn.TE);
  const since = Number(told[words.SINCE]) * 1000;
  const schedule = readSchedule(
    told[words.TIMEOUT] || '',
    told[words.INTERVAL] || '',
    told[words.BACKOFF] || '',
    told[words.MAX_INTERVAL] || '',
    'off',
    '',
    since,
    Math.random() * 0xffffffff,
  );
  const waited = Math.max(Date.now() - since, 0);
  const due = placeOf(schedule, waited);
  if (due.state === 'timeout') {
    r.headersOut['X-Accel-Redirect'] = '@offload_fault';
    r.headersOut[words.SAID] = 'timeout';
    answerBare(r, 200);
    return;
  }
  r.internalRedirect(`/.offload/pause/${pauseUntil(schedule, waited, due.next)}`);
}
