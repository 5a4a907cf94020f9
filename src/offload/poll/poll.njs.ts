/**
 * The waiter: js_content of the private server. Reads an attempt, has decide.ts decide, carries the
 * action out. A 503 names the pause until the next attempt: nginx pauses (waiter.conf), and its retry
 * (proxy_next_upstream in @offload) comes again, perhaps in a new worker process.
 *
 * Callbacks and no promises: an async function costs a held client 4 KB a poll.
 */

import * as words from '../../shared/told';
import { answerBare, hear, isHttp, isServed, request } from '../app/request.njs';
import { isListening } from '../app/socket.njs';
import { cancelJob } from '../held/cancel.njs';
import { isTimeout, type Outcome } from '../held/fault';
import { markAnswered, markHeld } from '../held/now.njs';
import { hopOutcome, isSentOn } from '../hop/due';
import { learn, readPlan } from '../learning/learning.njs';
import { contentTypeOf, forward, linesOf } from '../result/forward.njs';
import type { HeaderLine } from '../result/headers';
import { pauseInSteps, pauseUntil } from '../schedule/schedule';
import { targetUri } from '../signal/target';
import { type Attempt, readAttempt } from './attempt';
import { type Action, decide, endIntervalOf, type Pause, pollTimedOut, waitedAt } from './decide';
import type { Answer, Poll, Protocol } from './protocol';

/** How long the last answer of an operation may take past the timeout, which its client gets then. */
const LAST_ANSWER_MS = 5_000;

/** A line of a header, of each result of an operation. */
const VARY: HeaderLine = ['Vary', 'Prefer'];

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
  const attempt = readAttempt(told, r.headersIn.Host || '', inPlace, next);
  if (attempt.schedule.isLearned) {
    attempt.schedule.plan = readPlan(r, folderOf(r), attempt.route);
  }
  proceed(r, attempt);
}

/** Folder of the learned schedule: beside the waiter's socket. */
function folderOf(r: NginxHTTPRequest): string {
  const address = r.variables.server_addr as string;
  return `${address.slice('unix:'.length, address.lastIndexOf('/'))}/schedule`;
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
    case 'forward':
      recordResult(r, attempt, answer as Answer);
      if (variesByPreference(attempt)) {
        action.lines.push(VARY);
      }
      forward(r, reply as NginxHTTPRequest, action.lines, action.status);
      break;
    case 'go on':
      goOn(r, attempt, reply as NginxHTTPRequest, action.lines);
      break;
    case 'stream':
      recordResult(r, attempt, answer as Answer);
      if (variesByPreference(attempt)) {
        r.headersOut.Vary = 'Prefer';
      }
      r.headersOut[words.SAID] = words.STREAMED;
      r.internalRedirect(targetUri(action.target));
      break;
    case 'retry':
      end(r, 'long_header');
      break;
    case 'give up':
      if (action.reason !== '') {
        r.error(`offload: ${action.reason}`);
      }
      giveUp(r, attempt, action.outcome, action.next || 0);
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
      const answer = readAnswer(r, poll, sent, reply);
      act(r, attempt, decide(attempt, Date.now(), answer), reply, answer);
    }
  });
}

/** ms: until the timeout, or until the client is sent on. */
function longestPoll(attempt: Attempt, sent: number): number {
  const timeout = attempt.schedule.timeout;
  const last =
    attempt.told[words.PUBLIC] === '' ? timeout : Math.max(timeout, sent + LAST_ANSWER_MS);
  return Math.max(Math.min(last, attempt.endsAt) - sent, 1);
}

function readAnswer(
  r: NginxHTTPRequest,
  poll: Poll,
  sent: number,
  reply: NginxHTTPRequest,
): Answer {
  const headers = reply.headersOut;
  const body = reply.responseBuffer;
  return {
    poll,
    sent,
    isServed: isServed(r),
    isHttp: isHttp(reply),
    status: reply.status,
    lines: linesOf(reply),
    contentLength: headers['Content-Length'],
    contentType: contentTypeOf(reply),
    location: headers.Location,
    retryAfter: headers['Retry-After'],
    connection: reply.variables.upstream_http_connection || '',
    bodyLength: body ? body.length : 0,
    body: reply,
  };
}

/** Clients of an operation's call may prefer a 202 (RFC 7240): a cache has to tell them apart. */
function variesByPreference(attempt: Attempt): boolean {
  const method = attempt.told[words.PUBLIC];
  return method === 'GET' || method === 'HEAD';
}

/** The newest answer of an operation that goes on: the client can come again, to where the app is asked. */
function goOn(
  r: NginxHTTPRequest,
  attempt: Attempt,
  reply: NginxHTTPRequest,
  lines: HeaderLine[],
): void {
  markAnswered(attempt.told);
  const own: HeaderLine[] = [];
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] as HeaderLine;
    if (line[0].toLowerCase() !== 'location') {
      own.push(line);
    }
  }
  own.push(['Location', targetUri((attempt.protocol as Protocol).targetOf(0))]);
  if (reply.headersOut['Retry-After'] === undefined) {
    own.push(['Retry-After', r.variables.offload_retry_after || '']);
  }
  // for the metrics: its polls count, as this one does
  r.headersOut[words.SAID] = 'timeout_in_poll';
  forward(r, reply, own, 202);
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
      end(r, hopOutcome(action.next));
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

/** The client has its result: it is held no longer, and its route's schedule learns when the job ended. */
function recordResult(r: NginxHTTPRequest, attempt: Attempt, answer: Answer): void {
  markAnswered(attempt.told);
  if (attempt.schedule.isLearned) {
    learn(r, folderOf(r), attempt.route, endIntervalOf(answer));
  }
}

/** Cancels the job, unless it goes on without this client, which does not wait for that. */
function giveUp(r: NginxHTTPRequest, attempt: Attempt, outcome: Outcome, next: number): void {
  const told = attempt.told;
  if (outcome === 'hop') {
    end(r, hopOutcome(next));
  } else if (told[words.PUBLIC] !== '' || (isTimeout(outcome) && attempt.continues)) {
    // the client can come again
    end(r, outcome);
  } else if (attempt.inPlace) {
    // nginx closes this request once it is answered, with a pending subrequest or not
    cancelJob(r, attempt.told, () => end(r, outcome));
  } else {
    cancelJob(r, attempt.told, () => undefined);
    end(r, outcome);
  }
}

/**
 * Ends the attempt with an outcome that @offload_fault reads; 502 is a failed connection alone.
 *
 * @param outcome an Outcome, or one of hopOutcome
 */
function end(r: NginxHTTPRequest, outcome: string): void {
  r.headersOut[words.SAID] = outcome;
  answerBare(r, 504);
}
