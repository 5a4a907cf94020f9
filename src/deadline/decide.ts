/** Why a request ended in a 502 or 504: its deadline, a dead backend, or the app's own answer. */

import { quoted } from '../shared/quoted';

/** nginx's variables of that name; a list has an entry for each server that was tried. */
export interface Ended {
  method: string;
  /** Seconds, 1 to 60. */
  deadline: string;
  upstream_status: string;
  upstream_response_time: string;
  /** `-` where no answer had begun. */
  upstream_header_time: string;
  isRetry: boolean;
}

/**
 * passed: it ran past its deadline. retry: its backend died, and the request is idempotent. failed:
 * any other error. answered: the app's own answer.
 */
export type Kind = 'passed' | 'retry' | 'failed' | 'answered';

export function kindOf(ended: Ended): Kind {
  const isAnswered = Number(last(ended.upstream_header_time)) >= 0;
  const isLate = Number(last(ended.upstream_response_time)) >= Number(ended.deadline);
  // past its deadline an app may clean up and answer a 504 itself; its 502 has another reason
  if (isLate && !(isAnswered && statusOf(ended.upstream_status) === 502)) {
    return 'passed';
  }
  if (isAnswered) {
    return 'answered';
  }
  const isRetryable = !ended.isRetry && isTriedOnce(ended.upstream_status);
  return isRetryable && isIdempotent(ended.method) ? 'retry' : 'failed';
}

/** The status that it ended with, in a list such as `502, 502 : 504`. */
export function statusOf(statuses: string): number {
  return last(statuses) === '504' ? 504 : 502;
}

/** `:` begins the servers of another location. */
function last(list: string): string {
  return list.slice(list.lastIndexOf(' ') + 1);
}

/** nginx did not pass it on to another server itself. */
function isTriedOnce(list: string): boolean {
  return list.slice(list.lastIndexOf(':') + 1).indexOf(',') < 0;
}

/** By the methods that nginx itself does not retry. */
function isIdempotent(method: string): boolean {
  return method !== 'POST' && method !== 'LOCK' && method !== 'PATCH';
}

/** @returns for the error log: that nginx replaced the given value of a setting, or '' */
export function replaced(setting: string, expected: string, given: string, used: string): string {
  return given === used ? '' : `; ${setting} is not ${expected}: ${quoted(given)}`;
}
