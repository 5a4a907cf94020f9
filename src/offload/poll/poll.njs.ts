/**
 * The waiter: js_content of the private server. Reads an attempt, has decide.ts decide, carries the
 * action out. A 503 names the pause until the next attempt: nginx pauses (waiter.conf), and its retry
 * (proxy_next_upstream in @offload) comes again, perhaps in a new worker process.
 *
 * Callbacks and no promises: an async function costs a held client 4 KB a poll.
 */

import * as words from '../../shared/told';
import { hashOf } from '../app/hash.njs';
import { answerBare, answerOutcome, hear, isHttp, isServed, request } from '../app/request.njs';
import { isListening } from '../app/socket.njs';
import { giveUp } from '../held/cancel.njs';
import { markHeld } from '../held/now.njs';
import { hopOutcome, isSentOn } from '../hop/due';
import { folderOf, readPlan } from '../learning/learning.njs';
import { take } from '../result/take.njs';
import { pauseInSteps, pauseUntil } from '../schedule/schedule';
import { type Attempt, readAttempt } from './attempt';
import { type Action, decide, type Pause, pollTimedOut, waitedAt } from './decide';
import type { Answer, Poll } from './protocol';

/** How long the last answer of an operation may take past the timeout, which its client gets then. */
const LAST_ANSWER_MS = 5_000;

/** An attempt: a poll if one is due. */
export function poll(r: NginxHTTPRequest): void {
  if (r.parent) {
    // a signal named the waiter's own location
    answerBare(r, 404);
    return;
  }
  begin(r, hear(r), false);
}

/**
 * js_content of @offload_in_place, in the request that /.offload/poll did not answer: in a quit no attempt
 * can follow, so the wait goes on here.
 */
export function pollInPlace(r: NginxHTTPRequest): void {
  const told = hear(r);
  if (told[words.URL] === '') {
    // a client whose wait on Redis was interrupted: no attempt can follow, see @offload_redis_away
    r.headersOut[words.SAID] = isSentOn(told[words.SENT_ON] || '') ? hopOutcome(0) : '';
    answerBare(r, 503);
    return;
  }
  begin(r, told, true);
}

function begin(r: NginxHTTPRequest, told: string[], inPlace: boolean): void {
  // of a pause that did not end
  const next = inPlace ? Number((r.variables.query_string || '').split('=')[1] || '0') : 0;
  const attempt = readAttempt(told, r.headersIn.Host || '', inPlace, next, hashOf);
  if (attempt.schedule.isLearned) {
    attempt.schedule.plan = readPlan(r, folderOf(r), attempt.route);
  }
  proceed(r, attempt);
}

function proceed(r: NginxHTTPRequest, attempt: Attempt): void {
  act(r, attempt, decide(attempt, Date.now(), undefined), undefined, undefined);
}

/** @param reply to the poll, and what was read of it; undefined before it */
function act(
  r: NginxHTTPRequest,
  attempt: Attempt,
  action: Action,
  reply: NginxHTTPRequest | undefined,
  answer: Answer | undefined,
): void {
  switch (action.do) {
    case 'poll':
      if (action.delay > 0) {
        setTimeout(() => send(r, attempt, action), action.delay);
      } else {
        send(r, attempt, action);
      }
      break;
    case 'pause':
      if (action.complaint !== '') {
        r.error(`offload: ${action.complaint}`);
      }
      pause(r, attempt, action, answer === undefined);
      break;
    case 'take': {
      const its = answer as Answer;
      const other = take(r, attempt, its, reply as NginxHTTPRequest, action.as);
      if (other !== undefined) {
        act(r, attempt, other, reply, answer);
      }
      break;
    }
    case 'give up':
      giveUp(r, attempt, action);
  }
}

function send(r: NginxHTTPRequest, attempt: Attempt, poll: Poll): void {
  const sent = waitedAt(attempt, Date.now());
  let isOver = false;
  const timeout = setTimeout(
    () => {
      isOver = true;
      act(r, attempt, pollTimedOut(attempt), undefined, undefined);
    },
    longestPoll(attempt, sent),
  );
  request(r, poll.target, poll.method, attempt.headersOnly, (reply) => {
    if (!isOver) {
      clearTimeout(timeout);
      const answer: Answer = {
        poll,
        sent,
        isServed: isServed(r),
        isHttp: isHttp(reply),
        status: reply.status,
        reply,
      };
      act(r, attempt, decide(attempt, Date.now(), answer), reply, answer);
    }
  });
}

/** ms: until the timeout, or until the client is sent on. */
function longestPoll(attempt: Attempt, sent: number): number {
  let last = attempt.schedule.timeout;
  if (attempt.told[words.PUBLIC] !== '' && last < sent + LAST_ANSWER_MS) {
    last = sent + LAST_ANSWER_MS;
  }
  return Math.max(Math.min(last, attempt.endsAt) - sent, 1);
}

/**
 * nginx pauses, after which @offload comes again. In a quit nginx removes the socket, so that no attempt can follow. The
 * waiter notices after the pause, and has the wait go on in place: this process, which lives until its last client is
 * answered, pauses and polls here.
 *
 * @param isFirst no poll was made before
 */
function pause(r: NginxHTTPRequest, attempt: Attempt, action: Pause, isFirst: boolean): void {
  const until = action.until;
  const waited = waitedAt(attempt, Date.now());
  markHeld(attempt.told, until - waited, isFirst);
  if (attempt.inPlace && !isListening(r.variables.server_addr as string)) {
    if (attempt.endsAt !== Infinity) {
      answerOutcome(r, hopOutcome(action.next));
    } else {
      setTimeout(() => proceed(r, attempt), Math.max(until - waited, 1));
    }
    return;
  }
  const number =
    attempt.endsAt !== Infinity
      ? pauseInSteps(attempt.schedule, waited, until, action.next)
      : String(pauseUntil(attempt.schedule, waited, until));
  if (attempt.inPlace) {
    r.internalRedirect(`/.offload/pause/${number}`);
  } else {
    r.headersOut[words.SAID] = number;
    answerBare(r, 503);
  }
}
