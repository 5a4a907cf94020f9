/**
 * The waiter: js_content of the private server. One try of a held request: poll if a poll is
 * due, and name the pause until the next one is. nginx makes the pause (waiter.conf), and its
 * own retry (proxy_next_upstream in @offload) comes again, here or in a new worker process.
 *
 * The pause comes behind a poll and never before it: @offload closes the connection of a
 * client that left, which ends a pause of nginx's and no poll that is under way.
 *
 * Callbacks and no promises: an async function costs a held client 4 KB a poll.
 */

import { answerBare } from '../result/bare';
import { handOn, isLongHead } from '../result/handler';
import { locationTarget } from '../result/location';
import { nextTry, place } from '../schedule/backoff';
import { pauseNumber } from '../schedule/pause';
import { readRetryAfter } from '../schedule/retry-after';
import { isRefusal } from '../shared/checked';
import { quoted } from '../shared/quoted';
import { type Job, pollTarget } from '../signal/signal';
import { type Target, targetUri } from '../signal/target';
import { giveUp, giveUpLate } from '../wait/give-up';
import { bodyOf, isShort, meaning } from './answer';
import { readTry, type Try, waited } from './attempt';
import { isListening } from './socket';
import { bodyLength, isGarbage, poll, wasServed } from './subrequest';

export function wait(r: NginxHTTPRequest): void {
  if (r.parent) {
    // an app had the waiter itself polled
    answerBare(r, 404);
    return;
  }
  begin(readTry(r));
}

/** js_content of @offload_quit: the pause is over, and there is nobody left to come again. */
export function waitOn(r: NginxHTTPRequest): void {
  const attempt = readTry(r);
  attempt.afterFault = true;
  attempt.pausesFirst = false;
  begin(attempt);
}

/** Goes on with a try until it is answered. */
export function begin(attempt: Try): void {
  if (isRefusal(attempt.job)) {
    refuse(attempt, attempt.signal, attempt.job);
    return;
  }
  const isFirst = attempt.next === 0;
  const now = place(attempt.settings, waited(attempt), attempt.jitter);
  if (now.state === 'timeout') {
    expire(attempt, 'timeout');
    return;
  }
  attempt.number = now.number;
  attempt.next = now.next;
  if (now.state === 'early') {
    logComplaint(attempt);
    pauseUntil(attempt, now.next);
  } else if (attempt.pausesFirst && isFirst) {
    // nothing is asked before the next pause is over, or the faults would be used up in a moment
    attempt.number++;
    sleep(attempt, now.next, ask);
  } else {
    ask(attempt);
  }
}

function ask(attempt: Try): void {
  askFor(attempt, pollTarget(attempt.job as Job, attempt.number), 'POST');
}

/**
 * After a fault the body stays with the app until it can be streamed: one that is too large
 * for a subrequest breaks each poll that reads it.
 */
function askFor(attempt: Try, target: Target, method: 'GET' | 'POST'): void {
  let isOver = false;
  const timeLeft = Math.max(attempt.settings.timeout - waited(attempt), 1);
  const deadline = setTimeout(() => {
    isOver = true;
    expire(attempt, 'hung');
  }, timeLeft);
  attempt.asked = waited(attempt);
  poll(attempt.r, target, method, attempt.afterFault, (reply) => {
    if (!isOver) {
      clearTimeout(deadline);
      answered(attempt, target, method, reply);
    }
  });
}

function answered(
  attempt: Try,
  target: Target,
  method: 'GET' | 'POST',
  reply: NginxHTTPRequest,
): void {
  const headers = reply.headersOut;
  const means = meaning(reply.status, headers.Location, attempt.lost);
  // an error_page of the user's has led a lost poll away from the location that bears the mark
  const isLedAway = attempt.inPlace && means === 'lost';
  if (!isLedAway && !wasServed(attempt.r, reply)) {
    const reason = 'is served by no location of the waiter that includes offload/poll.conf';
    refuse(attempt, targetUri(target), reason);
    return;
  }
  if (isGarbage(reply)) {
    pause(attempt, 0, undefined);
    return;
  }
  switch (means) {
    case 'pending':
      pause(attempt, waited(attempt) - attempt.asked, headers['Retry-After']);
      return;
    case 'lost':
      pause(attempt, 0, headers['Retry-After']);
      return;
    case 'elsewhere':
      // one step is followed inside; what is found there is the client's, as it is
      if (method === 'POST') {
        follow(attempt, target, headers.Location as string);
        return;
      }
  }
  if (!attempt.afterFault && isLongHead(reply)) {
    // the buffers of a held client are small: it comes again with larger ones
    decide(attempt, 502, 'long head');
    return;
  }
  const body = bodyOf(reply.status, headers['Content-Length'], bodyLength(reply));
  if (attempt.afterFault && attempt.inPlace && isShort(headers['Content-Length'])) {
    // streamed from the public server, a poll carries the call's body
    attempt.afterFault = false;
    askFor(attempt, target, method);
  } else if (attempt.afterFault || body === 'unknown') {
    stream(attempt, target);
  } else if (body === 'cut off') {
    pause(attempt, 0, undefined);
  } else if (!handOn(attempt.r, reply)) {
    stream(attempt, target);
  }
}

function follow(attempt: Try, from: Target, location: string): void {
  const poll = targetUri({ path: from.path, query: '' });
  const found = locationTarget(location, attempt.r.headersIn.Host || '', poll);
  if (isRefusal(found)) {
    refuse(attempt, location, found);
  } else {
    askFor(attempt, found, 'GET');
  }
}

/**
 * The app is asked once more, and nginx streams the answer: it breaks off at the client where
 * it breaks off at the app.
 */
function stream(attempt: Try, target: Target): void {
  attempt.r.internalRedirect(targetUri(target));
}

/** @param took how long the app took for "not yet", ms; 0 where it did not say that */
function pause(attempt: Try, took: number, retryAfter: string | undefined): void {
  const asked = retryAfter === undefined ? undefined : readRetryAfter(retryAfter, Date.now());
  pauseUntil(attempt, nextTry(attempt.settings, attempt.next, waited(attempt), took, asked));
}

/**
 * nginx pauses for the 503, and retries it. In a quit there is nobody left to retry with: nginx
 * has removed the socket, and this process, which lives until its last client is answered,
 * goes on in place.
 */
function pauseUntil(attempt: Try, until: number): void {
  const r = attempt.r;
  if (!attempt.inPlace && isListening(r.variables.server_addr as string)) {
    r.headersOut['X-Offload-Pause'] = String(pauseNumber(attempt.settings, waited(attempt), until));
    answerBare(r, 503);
  } else {
    // a result that is too large would break this try, and no other comes after it
    attempt.afterFault = true;
    sleep(attempt, until, begin);
  }
}

function sleep(attempt: Try, until: number, then: (attempt: Try) => void): void {
  setTimeout(then, Math.max(until - waited(attempt), 1), attempt);
}

/**
 * @offload_fault logs it, with the polls that it counted.
 *
 * @param verdict `expired` where this try made no poll, `hung` where its poll took too long
 */
function expire(attempt: Try, verdict: 'timeout' | 'hung'): void {
  if (attempt.inPlace) {
    giveUpLate(attempt.r);
    return;
  }
  decide(attempt, 504, verdict);
}

function refuse(attempt: Try, url: string, reason: string): void {
  const r = attempt.r;
  r.error(`offload: ${quoted(url)} is not polled: it ${reason}; the client gets a 502`);
  if (attempt.inPlace) {
    giveUp(r, 502);
    return;
  }
  decide(attempt, 502, 'refused');
}

/** What is not the app's answer: for @offload_fault (see fault.ts). */
function decide(attempt: Try, status: 502 | 504, verdict: string): void {
  attempt.r.headersOut['X-Offload-Outcome'] = verdict;
  answerBare(attempt.r, status);
}

/** Once for a client, at its first try. */
function logComplaint(attempt: Try): void {
  if (attempt.settings.complaint !== '') {
    attempt.r.error(`offload: ${attempt.settings.complaint}`);
  }
}
