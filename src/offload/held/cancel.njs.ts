/**
 * Cancels a job that no client waits for any more: one DELETE to the path in X-Offload-Cancel of its
 * signal. It is not repeated; a failure is a line in the error log.
 */

import fs from 'fs';
import { isRefusal, NOT_SERVED } from '../../shared/checked';
import { CANCEL } from '../../shared/hop';
import { quoted } from '../../shared/quoted';
import { answerBare, hear, isHttp, isServed, request } from '../app/request.njs';
import { readTarget } from '../signal/target';

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
  const target = path === '' ? '' : readTarget(path);
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

/**
 * js_content of @offload_end, the post_action of a held request: nginx runs it once at the end of the
 * request. No header was sent to a client that disconnected before its result.
 *
 * post_action is undocumented and in every nginx. What runs last must set a status, or the access log
 * has that of a 500.
 */
export function afterHeldRequest(r: NginxHTTPRequest): void {
  checkAccess(r);
  if (r.status === 0) {
    const hasCancel = (r.variables.offload_cancel || '') !== '';
    r.variables.offload_cancelled = hasCancel ? '1' : '';
    r.internalRedirect(hasCancel ? '@offload_cancel' : '@offload_disconnected');
    return;
  }
  try {
    r.finish();
  } catch (_) {
    // the client disconnected during the result
  }
}

/** In a file's mode: access of other users. */
const OTHERS = 0o007;

/**
 * Says if others can reach the private sockets: nginx keeps the mode of a folder that exists. Here, as this is run
 * once for a held request, at its end.
 */
function checkAccess(r: NginxHTTPRequest): void {
  const addresses = (r.variables.upstream_addr || '').split('unix:');
  const socket = addresses[addresses.length - 1] as string;
  const folder = socket.slice(0, socket.lastIndexOf('/'));
  const mode = modeOf(folder);
  if ((mode & OTHERS) !== 0) {
    r.error(`offload: other users can reach the sockets: ${folder} has mode ${mode.toString(8)}`);
  }
}

/** 0 if it was removed. */
function modeOf(folder: string): number {
  try {
    return fs.statSync(folder).mode & 0o777;
  } catch {
    return 0;
  }
}
