/**
 * Tells the app that nobody waits for a job any more: one DELETE to the path that its signal
 * named (X-Offload-Cancel). Nothing is repeated, and what fails is a line in the error log.
 */

import { isGarbage, poll, wasServed } from '../poll/subrequest';
import { answerBare } from '../result/bare';
import { isRefusal } from '../shared/checked';
import { quoted } from '../shared/quoted';
import { readTarget } from '../signal/target';

/**
 * The waiter's answer. It ends up in the access log as the status of a client that left, which
 * nginx would have written there without us.
 */
const TOLD = 499;

/** js_content of `= /.offload/cancel` in the waiter: answers at once, and asks the app then. */
export function cancel(r: NginxHTTPRequest): void {
  if (r.parent) {
    // an app had the waiter itself polled
    answerBare(r, 404);
    return;
  }
  cancelJob(r, r.headersIn['X-Offload-Cancel'] || '');
  answerBare(r, TOLD);
}

/** @param path the header X-Offload-Cancel of the signal: a path, perhaps with a query */
export function cancelJob(r: NginxHTTPRequest, path: string): void {
  const target = readTarget(path);
  if (isRefusal(target)) {
    r.error(`offload: ${quoted(path)} is not cancelled: it ${target}`);
    return;
  }
  poll(r, target, 'DELETE', true, (reply) => {
    const failure = failureOf(r, reply);
    if (failure !== '') {
      r.error(`offload: ${quoted(path)} is not cancelled: ${failure}`);
    }
  });
}

function failureOf(r: NginxHTTPRequest, reply: NginxHTTPRequest): string {
  if (!wasServed(r, reply)) {
    return 'it is served by no location of the waiter that includes offload/poll.conf';
  }
  if (isGarbage(reply)) {
    return 'the app answered with something that is no HTTP';
  }
  // a job that is gone already is no failure
  const isDone = reply.status < 300 || reply.status === 404 || reply.status === 410;
  return isDone ? '' : `the app answered ${reply.status}`;
}
