/**
 * Cancels a job that no client waits for any more: one DELETE to the path in X-Offload-Cancel of its
 * signal. It is not repeated; a failure is a line in the error log.
 */

import { type Checked, isRefusal, NOT_SERVED } from '../../shared/checked';
import { quoted } from '../../shared/quoted';
import { CANCEL, PUBLIC } from '../../shared/told';
import { isCancelledItself, targetOfOperation } from '../accepted/operation';
import { answerBare, answerOutcome, hear, isHttp, isServed, request } from '../app/request.njs';
import { hopOutcome } from '../hop/due';
import type { Attempt } from '../poll/attempt';
import type { GiveUp } from '../poll/decide';
import { readTarget, type Target } from '../signal/target';
import { isTimeout } from './fault';

/**
 * js_content of `= /.offload/cancel` in the waiter, which answers before the app does. The status is
 * that of a client that disconnected, as it goes to the access log in place of the one by nginx.
 */
export function cancel(r: NginxHTTPRequest): void {
  if (r.parent) {
    // a signal named the waiter's own location
    answerBare(r, 404);
    return;
  }
  cancelJob(r, hear(r), () => undefined);
  answerBare(r, 499);
}

/**
 * @param told of hear(); the path in it may be empty: no request
 * @param then called once, when the app has answered or is not requested
 */
export function cancelJob(r: NginxHTTPRequest, told: string[], then: () => void): void {
  const path = told[CANCEL] || '';
  const target = path === '' ? '' : targetOf(told, r.headersIn.Host || '');
  if (isRefusal(target)) {
    if (path !== '') {
      r.error(`offload: ${quoted(path)} is not cancelled: it ${target}`);
    }
    then();
    return;
  }
  request(r, target, 'DELETE', true, (reply) => {
    const failure = failureOf(r, reply);
    if (failure !== '') {
      r.error(`offload: ${quoted(path)} is not cancelled: ${failure}`);
    }
    then();
  });
}

/** Of the DELETE: a path, or the operation itself, whose URL may be absolute. */
function targetOf(told: string[], host: string): Checked<Target> {
  return isCancelledItself(told) ? targetOfOperation(told, host) : readTarget(told[CANCEL] || '');
}

function failureOf(r: NginxHTTPRequest, reply: NginxHTTPRequest): string {
  if (!isServed(r)) {
    return `it ${NOT_SERVED}`;
  }
  if (!isHttp(reply)) {
    return "the app's answer is not HTTP";
  }
  // the job may have ended
  const isDone = reply.status < 300 || reply.status === 404 || reply.status === 410;
  return isDone ? '' : `the app answered ${reply.status}`;
}

/** Ends an attempt, and cancels the job unless it goes on without this client, which does not wait for that. */
export function giveUp(r: NginxHTTPRequest, attempt: Attempt, action: GiveUp): void {
  if (action.reason !== '') {
    r.error(`offload: ${action.reason}`);
  }
  const outcome = action.outcome;
  if (outcome === 'hop') {
    answerOutcome(r, hopOutcome(action.next || 0));
  } else if (attempt.told[PUBLIC] !== '' || (isTimeout(outcome) && attempt.continues)) {
    // the client can come again
    answerOutcome(r, outcome);
  } else if (attempt.inPlace) {
    // nginx closes this request once it is answered, with a pending subrequest or not
    cancelJob(r, attempt.told, () => answerOutcome(r, outcome));
  } else {
    cancelJob(r, attempt.told, () => undefined);
    answerOutcome(r, outcome);
  }
}
