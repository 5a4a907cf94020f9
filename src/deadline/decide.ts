/** What a request was that the app's server broke off, or that nginx gave up. */

/** nginx's variables of that name; a list has an entry for each server that was asked. */
export interface Ended {
  method: string;
  /** Seconds. */
  deadline: string;
  upstream_status: string;
  upstream_response_time: string;
  /** `-` where no answer had begun. */
  upstream_header_time: string;
  /** Whether it was asked once more already. */
  isAskedAgain: boolean;
}

/**
 * passed: it reached its deadline. again: its backend died, and asking once more loses and doubles
 * nothing. broken: an error of another kind. answered: the app's own answer.
 */
export type Kind = 'passed' | 'again' | 'broken' | 'answered';

export function kindOf(ended: Ended): Kind {
  const isAnswered = Number(last(ended.upstream_header_time)) >= 0;
  const isLate = Number(last(ended.upstream_response_time)) >= Number(ended.deadline);
  // an app that is told to end may answer a 504 by itself; its 502 has another reason
  if (isLate && !(isAnswered && statusOf(ended.upstream_status) === 502)) {
    return 'passed';
  }
  if (isAnswered) {
    return 'answered';
  }
  const isLost = !ended.isAskedAgain && isAskedOnce(ended.upstream_status);
  return isLost && isIdempotent(ended.method) ? 'again' : 'broken';
}

/** The status that it ended with, in a list such as `502, 502 : 504`. */
export function statusOf(statuses: string): number {
  return last(statuses) === '504' ? 504 : 502;
}

/** `:` begins the servers of another location. */
function last(list: string): string {
  return list.slice(list.lastIndexOf(' ') + 1);
}

/** nginx did not pass it on to another server by itself. */
function isAskedOnce(list: string): boolean {
  return list.slice(list.lastIndexOf(':') + 1).indexOf(',') < 0;
}

/** As nginx's own retry has it. */
function isIdempotent(method: string): boolean {
  return method !== 'POST' && method !== 'LOCK' && method !== 'PATCH';
}
