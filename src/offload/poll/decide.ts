/**
 * Polling, the first way of waiting: what an attempt does next, by its schedule before a poll and by
 * the answer after one. Pure: poll.njs.ts reads what is decided on, and carries the action out.
 */

import { isRefusal, NOT_SERVED } from '../../shared/checked';
import { quoted } from '../../shared/quoted';
import type { Outcome } from '../held/fault';
import type { EndInterval } from '../learning/distribution';
import { forwarded, type HeaderLine, isLongHeader } from '../result/headers';
import { locationTarget } from '../result/location';
import type { Place } from '../schedule/backoff';
import { afterAnswer, isNear, placeOf } from '../schedule/schedule';
import { type Job, pollTarget } from '../signal/signal';
import { type Target, targetUri } from '../signal/target';
import { bodyOf, meaning } from './answer';
import type { Attempt } from './attempt';

/** All times in ms since the signal. */
export type Action = Poll | Pause | Forward | Stream | Retry | GiveUp;

/** Ask the app. GET: follow a Location. */
export interface Poll {
  do: 'poll';
  method: 'GET' | 'POST';
  target: Target;
  /** ms until then: the pause before it was a little too short. */
  delay: number;
  /** When the attempt after this one is due, and when the poll before it was; 0 if there was none. */
  next: number;
  previous: number;
}
/** No result yet. */
export interface Pause {
  do: 'pause';
  until: number;
  /** For the error log; often empty. */
  complaint: string;
}
/** Send the answer of the poll as the result. */
export interface Forward {
  do: 'forward';
  lines: HeaderLine[];
}
/** Redirect to the target: nginx asks the app once more and streams the result. */
export interface Stream {
  do: 'stream';
  target: Target;
}
/** The header of the result is too long for the buffers of @offload: come again with larger ones. */
export interface Retry {
  do: 'retry';
}
export interface GiveUp {
  do: 'give up';
  outcome: Outcome;
  /** For the error log; often empty. */
  reason: string;
}

/** The answer to a poll. */
export interface Answer {
  /** What was asked, and when. */
  poll: Poll;
  sent: number;
  /** Whether a location with poll.conf took it, and an app that speaks HTTP answered. */
  isServed: boolean;
  isHttp: boolean;
  status: number;
  /** The header, line by line. */
  lines: HeaderLine[];
  contentLength: string | undefined;
  contentType: string | undefined;
  location: string | undefined;
  retryAfter: string | undefined;
  connection: string;
  /** Bytes. */
  bodyLength: number;
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
  if (isRefusal(attempt.job)) {
    return refuse(attempt.signal, attempt.job);
  }
  const schedule = attempt.schedule;
  const due = placeOf(schedule, waited);
  if (due.state === 'timeout') {
    return { do: 'give up', outcome: 'timeout', reason: '' };
  }
  const until = Math.max(due.state === 'early' ? due.next : 0, schedule.notBefore);
  const delay = until - waited;
  if (delay <= 0) {
    return poll(attempt, due, 0);
  }
  return isNear(schedule, waited, until)
    ? poll(attempt, placeOf(schedule, until), delay)
    : { do: 'pause', until, complaint: schedule.complaint };
}

function poll(attempt: Attempt, due: Place, delay: number): Poll {
  const target = pollTarget(attempt.job as Job, due.number);
  // no poll was before a Retry-After of the signal
  const previous = due.previous < attempt.schedule.notBefore ? 0 : due.previous;
  return { do: 'poll', method: 'POST', target, delay, next: due.next, previous };
}

/** When the job of a result ended, for its route's schedule. */
export function endIntervalOf(answer: Answer): EndInterval {
  return { from: answer.poll.previous, to: answer.sent };
}

/** ms since the signal; 0 if the clock was set back. */
export function waitedAt(attempt: Attempt, now: number): number {
  return Math.max(now - attempt.since, 0);
}

function afterPoll(attempt: Attempt, answer: Answer, waited: number, now: number): Action {
  const poll = answer.poll;
  if (!answer.isServed) {
    return refuse(targetUri(poll.target), NOT_SERVED);
  }
  if (!answer.isHttp) {
    return pause(attempt, answer, waited, 0, undefined, now);
  }
  switch (meaning(answer.status, answer.location, attempt.transient)) {
    case 'pending':
      return pause(attempt, answer, waited, waited - answer.sent, answer.retryAfter, now);
    case 'transient':
      return pause(attempt, answer, waited, 0, answer.retryAfter, now);
    case 'elsewhere':
      // one Location is followed; a second one is the client's
      if (poll.method === 'POST') {
        return follow(attempt, poll, answer.location as string);
      }
  }
  return result(attempt, answer, waited, now);
}

/** The poll was not answered before the client's timeout. */
export const POLL_TIMED_OUT: GiveUp = {
  do: 'give up',
  outcome: 'timeout_in_poll',
  reason: '',
};

function result(attempt: Attempt, answer: Answer, waited: number, now: number): Action {
  if (!attempt.headersOnly && isLongHeader(answer.lines)) {
    return { do: 'retry' };
  }
  const stream: Stream = { do: 'stream', target: answer.poll.target };
  if (attempt.headersOnly) {
    return stream;
  }
  switch (bodyOf(answer.status, answer.contentLength, answer.bodyLength)) {
    case 'unknown':
      return stream;
    case 'truncated':
      return pause(attempt, answer, waited, 0, undefined, now);
    default: {
      const lines = forwarded(answer);
      return lines === undefined ? stream : { do: 'forward', lines };
    }
  }
}

function follow(attempt: Attempt, poll: Poll, location: string): Poll | GiveUp {
  const from = targetUri({ path: poll.target.path, query: '' });
  const target = locationTarget(location, attempt.host, from);
  return isRefusal(target)
    ? refuse(location, target)
    : {
        do: 'poll',
        method: 'GET',
        target,
        delay: 0,
        next: poll.next,
        previous: poll.previous,
      };
}

/** @param took ms that the app took for "not yet"; 0 for a transient error */
function pause(
  attempt: Attempt,
  answer: Answer,
  waited: number,
  took: number,
  retryAfter: string | undefined,
  now: number,
): Pause {
  const next = answer.poll.next;
  const until = afterAnswer(attempt.schedule, next, waited, took, retryAfter, now);
  return { do: 'pause', until, complaint: '' };
}

function refuse(url: string, reason: string): GiveUp {
  return {
    do: 'give up',
    outcome: 'refused',
    reason: `${quoted(url)} is not polled: it ${reason}; the client gets a 502`,
  };
}
