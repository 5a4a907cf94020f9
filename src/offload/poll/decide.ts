/**
 * Polling, the first way of waiting: what an attempt does next, by its schedule before a poll and by
 * the answer after one. Pure: poll.njs.ts reads what is decided on, and carries the action out.
 */

import { isRefusal, NOT_SERVED } from '../../shared/checked';
import { quoted } from '../../shared/quoted';
import { PUBLIC } from '../../shared/told';
import type { Outcome } from '../held/fault';
import type { Place } from '../schedule/backoff';
import { afterAnswer, isNear, placeOf } from '../schedule/schedule';
import { targetUri } from '../signal/target';
import { type Attempt, signalOf } from './attempt';
import type { Answer, Poll, Protocol } from './protocol';

/** All times in ms since the signal. */
export type Action = Poll | Pause | Take | GiveUp;

/** No result yet. */
export interface Pause {
  do: 'pause';
  until: number;
  /** When the next poll is due; after `until`: the client is sent on then. */
  next: number;
  /** For the error log; often empty. */
  complaint: string;
}
/**
 * The answer is the client's (src/offload/result/take.ts): as the result, as a document of it that was read whole, as one
 * of a failure; `newest`: the timeout has come, and the job goes on.
 */
export interface Take {
  do: 'take';
  as: 'result' | 'document' | 'failed' | 'newest';
}
export interface GiveUp {
  do: 'give up';
  outcome: Outcome;
  /** For the error log; often empty. */
  reason: string;
  /** Of `hop`: when the next poll is due. */
  next?: number;
}

/**
 * @param now ms since the epoch
 * @param answer of the poll that this attempt has made; undefined before it
 */
export function decide(attempt: Attempt, now: number, answer: Answer | undefined): Action {
  const waited = waitedAt(attempt, now);
  if (answer !== undefined) {
    return afterPoll(attempt, answer, waited, now);
  }
  if (isRefusal(attempt.protocol)) {
    return refuse(attempt, signalOf(attempt.told), attempt.protocol);
  }
  const schedule = attempt.schedule;
  const due = placeOf(schedule, waited);
  if (due.state === 'timeout') {
    // its client has the newest answer
    return isPublic(attempt)
      ? poll(attempt, due, 0)
      : { do: 'give up', outcome: 'timeout', reason: '' };
  }
  const until = Math.max(
    due.state === 'early' ? due.next : 0,
    schedule.notBefore,
    attempt.notBefore,
  );
  const delay = until - waited;
  if (delay <= 0) {
    return attempt.hopAt - waited < SOON_MS
      ? pauseOrHop(attempt, waited, attempt.hopAt, schedule.complaint)
      : poll(attempt, due, 0);
  }
  return isNear(schedule, waited, until) && until < attempt.hopAt - SOON_MS
    ? poll(attempt, placeOf(schedule, until), delay)
    : pauseOrHop(attempt, waited, until, schedule.complaint);
}

/** ms: a client that is to be sent on this soon is sent on at once, and is polled for then. */
const SOON_MS = 50;

function pauseOrHop(
  attempt: Attempt,
  waited: number,
  next: number,
  complaint: string,
): Pause | GiveUp {
  const at = attempt.hopAt;
  if (next < at) {
    return { do: 'pause', until: next, next, complaint };
  }
  return at - waited < SOON_MS
    ? { do: 'give up', outcome: 'hop', reason: complaint, next }
    : { do: 'pause', until: at, next, complaint };
}

function poll(attempt: Attempt, due: Place, delay: number): Poll {
  const protocol = attempt.protocol as Protocol;
  // no poll was before a Retry-After of the signal
  const previous = due.previous < attempt.schedule.notBefore ? 0 : due.previous;
  return {
    do: 'poll',
    method: protocol.method,
    target: protocol.targetOf(due.number),
    follows: 0,
    isOfResult: false,
    delay,
    next: due.next,
    previous,
  };
}

/** ms since the signal; 0 if the clock was set back. */
export function waitedAt(attempt: Attempt, now: number): number {
  return Math.max(now - attempt.since, 0);
}

function afterPoll(attempt: Attempt, answer: Answer, waited: number, now: number): Action {
  const poll = answer.poll;
  if (!answer.isServed) {
    return refuse(attempt, targetUri(poll.target), NOT_SERVED);
  }
  if (!answer.isHttp) {
    return failed(attempt, answer, waited, now, '');
  }
  const protocol = attempt.protocol as Protocol;
  switch (protocol.meaningOf(answer)) {
    case 'pending':
      return running(attempt, answer, waited, now);
    case 'transient':
      return failed(attempt, answer, waited, now, '');
    case 'unreadable':
      return failed(attempt, answer, waited, now, unreadable(answer));
    case 'elsewhere':
      if (poll.follows < protocol.mostFollows) {
        return follow(attempt, protocol, answer);
      }
      break;
    case 'document':
      return { do: 'take', as: 'document' };
    case 'failed':
      return { do: 'take', as: 'failed' };
  }
  return { do: 'take', as: 'result' };
}

function isPublic(attempt: Attempt): boolean {
  return (attempt.told[PUBLIC] || '') !== '';
}

function running(
  attempt: Attempt,
  answer: Answer,
  waited: number,
  now: number,
): Pause | Take | GiveUp {
  const retryAfter = answer.reply.headersOut['Retry-After'];
  const next = pause(attempt, answer, waited, waited - answer.sent, retryAfter, now, '');
  return isPublic(attempt) && isAtTimeout(attempt, next) ? { do: 'take', as: 'newest' } : next;
}

/** A poll that failed: another one, if the timeout leaves the time for it. */
export function failed(
  attempt: Attempt,
  answer: Answer,
  waited: number,
  now: number,
  complaint: string,
): Pause | GiveUp {
  const retryAfter = answer.isHttp ? answer.reply.headersOut['Retry-After'] : undefined;
  const next = pause(attempt, answer, waited, 0, retryAfter, now, complaint);
  if (isPublic(attempt) && isAtTimeout(attempt, next)) {
    return { do: 'give up', outcome: 'timeout_in_poll', reason: complaint };
  }
  return next;
}

function isAtTimeout(attempt: Attempt, next: Pause | GiveUp): boolean {
  return next.do === 'pause' && next.until >= attempt.schedule.timeout;
}

/** It may have been cut off. */
function unreadable(answer: Answer): string {
  return `${quoted(targetUri(answer.poll.target))} is no JSON that can be read`;
}

/** The poll was not answered before the client's timeout, or before it is sent on. */
export function pollTimedOut(attempt: Attempt): GiveUp {
  return attempt.hopAt !== Infinity
    ? { do: 'give up', outcome: 'hop', reason: '', next: 0 }
    : { do: 'give up', outcome: 'timeout_in_poll', reason: '' };
}

function follow(attempt: Attempt, protocol: Protocol, answer: Answer): Action {
  const poll = answer.poll;
  const location = protocol.locationOf(answer);
  const from = targetUri({ path: poll.target.path, query: '' });
  const target = protocol.followedTarget(location, from);
  if (isRefusal(target)) {
    // the client may follow what nginx does not
    return isPublic(attempt) ? { do: 'take', as: 'result' } : refuse(attempt, location, target);
  }
  return {
    do: 'poll',
    method: 'GET',
    target,
    follows: poll.follows + 1,
    isOfResult: poll.isOfResult || !isSameResource(answer.status),
    delay: 0,
    next: poll.next,
    previous: poll.previous,
  };
}

/** A redirect that names another URL of the job itself, such as one with a slash at its end. */
function isSameResource(status: number): boolean {
  return status === 301 || status === 307 || status === 308;
}

/** @param took ms that the app took for "not yet"; 0 for a transient error */
function pause(
  attempt: Attempt,
  answer: Answer,
  waited: number,
  took: number,
  retryAfter: string | undefined,
  now: number,
  complaint: string,
): Pause | GiveUp {
  const planned = answer.poll.next;
  const next = afterAnswer(attempt.schedule, planned, waited, took, retryAfter, now);
  return pauseOrHop(attempt, waited, next, complaint);
}

function refuse(attempt: Attempt, url: string, reason: string): GiveUp {
  const status = isPublic(attempt) ? 202 : 502;
  return {
    do: 'give up',
    outcome: 'refused',
    reason: `${quoted(url)} is not polled: it ${reason}; the client gets a ${status}`,
  };
}
