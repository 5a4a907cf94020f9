/**
 * The waiter: js_content of the private server. One try of a held request: poll if a poll is
 * due, sleep until the next one is, then answer 503, upon which nginx's own retry
 * (proxy_next_upstream in @offload) comes again, here or in a new worker process.
 *
 * The sleep comes before the 503 and never before a poll: @offload closes the connection of
 * a client that left, but a timer in njs runs on, and what it would do next is ask the app.
 *
 * Callbacks and no promises: an async function costs a held client 4 KB a poll.
 */

import fs from 'fs';
import { locationTarget, meaning } from '../decide/answer';
import { readRetryAfter } from '../decide/retry-after';
import { nextTry, place } from '../decide/schedule';
import { type Job, pollTarget } from '../decide/signal';
import { targetUri } from '../decide/target';
import { handOn } from './hand-on';
import { type Held, readHeld, waitedSince } from './held';
import { type Poll, type Polled, poll } from './poll';

/** One try, and its place in the schedule. */
interface Try {
  r: NginxHTTPRequest;
  held: Held;
  job: Job;
  /** The number of its poll. */
  number: number;
  /** When the next one is due, ms since the signal. */
  next: number;
}

export function wait(r: NginxHTTPRequest): void {
  if (r.parent) {
    // an app had the waiter itself polled
    r.return(404, '');
    return;
  }
  const held = readHeld(r);
  if (held.job.ok) {
    begin(r, held, held.job.value);
  } else {
    refuse(r, held.signal, held.job.reason);
  }
}

function begin(r: NginxHTTPRequest, held: Held, job: Job): void {
  const now = place(held.settings, waitedSince(held), held.spread);
  if (now.state === 'expired') {
    expire(r, held, now.polls);
  } else if (now.state === 'early') {
    logComplaints(r, held);
    sleepUntil(held, now.next, () => askAgain(r, held, job));
  } else if (held.afterFault) {
    beginAfterFault({ r, held, job, number: now.number + 1, next: now.next });
  } else {
    const attempt: Try = { r, held, job, number: now.number, next: now.next };
    ask(attempt, pollOf(attempt, false));
  }
}

/**
 * What broke before may break again at once: nothing is asked before the next pause is over,
 * or the tries would be used up in a moment. And the body stays with the app until it can be
 * streamed, since one that is too large for a subrequest breaks each poll that reads it.
 */
function beginAfterFault(attempt: Try): void {
  sleepUntil(attempt.held, attempt.next, () => ask(attempt, pollOf(attempt, true)));
}

function pollOf(attempt: Try, headersOnly: boolean): Poll {
  return { target: pollTarget(attempt.job, attempt.number), method: 'POST', headersOnly };
}

function ask(attempt: Try, what: Poll): void {
  const r = attempt.r;
  const held = attempt.held;
  const timeLeft = held.settings.timeout - waitedSince(held);
  poll(r, what, Math.max(timeLeft, 1), (polled, reply) => {
    if (polled === undefined || reply === undefined) {
      expire(r, held, attempt.number + 1);
    } else {
      answered(attempt, what, polled, reply);
    }
  });
}

function answered(attempt: Try, what: Poll, polled: Polled, reply: NginxHTTPRequest): void {
  const r = attempt.r;
  const held = attempt.held;
  if (!polled.served) {
    const uri = targetUri(what.target);
    refuse(r, uri, 'is served by no location of the waiter that includes offload/poll.conf');
    return;
  }
  switch (meaning(polled.answer)) {
    case 'pending':
    case 'lost': {
      const retryAfter = readRetryAfter(reply.headersOut['Retry-After'], Date.now());
      const at = nextTry(held.settings, attempt.next, waitedSince(held), retryAfter);
      sleepUntil(held, at, () => askAgain(r, held, attempt.job));
      break;
    }
    case 'elsewhere':
      if (what.method === 'POST') {
        follow(attempt, what, polled.answer.location as string);
        break;
      }
      // one step is followed inside; what is found there is the client's, as it is
      giveResult(attempt, what, reply);
      break;
    case 'result':
      giveResult(attempt, what, reply);
      break;
  }
}

function follow(attempt: Try, what: Poll, location: string): void {
  const found = locationTarget(location, attempt.r.headersIn.Host || '');
  if (found.ok) {
    ask(attempt, { target: found.value, method: 'GET', headersOnly: what.headersOnly });
  } else {
    refuse(attempt.r, location, found.reason);
  }
}

function giveResult(attempt: Try, what: Poll, reply: NginxHTTPRequest): void {
  if (!what.headersOnly) {
    attempt.r.headersOut['X-Offload-Polls'] = String(attempt.number + 1);
    if (handOn(attempt.r, reply)) {
      return;
    }
  }
  // the app is asked once more, and nginx streams the answer
  attempt.r.internalRedirect(targetUri(what.target));
}

function sleepUntil(held: Held, at: number, then: () => void): void {
  setTimeout(then, Math.max(at - waitedSince(held), 1));
}

/**
 * 503 is what nginx retries. In a quit there is nobody left to retry with: nginx has removed
 * the socket, and this process, which lives until its last client is answered, goes on in
 * place.
 */
function askAgain(r: NginxHTTPRequest, held: Held, job: Job): void {
  if (isListening(r)) {
    r.return(503, '');
  } else {
    begin(r, held, job);
  }
}

function isListening(r: NginxHTTPRequest): boolean {
  try {
    // unix:/run/nginx-offload/waiter.sock
    fs.accessSync((r.variables.server_addr as string).replace(/^unix:/, ''));
    return true;
  } catch {
    return false;
  }
}

function expire(r: NginxHTTPRequest, held: Held, polls: number): void {
  const waited = (waitedSince(held) / 1000).toFixed(1);
  r.error(
    `offload: no result of "${held.signal}" in ${waited} s and ${polls} polls; the client gets a 504`,
  );
  r.headersOut['X-Offload-Verdict'] = 'expired';
  r.headersOut['X-Offload-Polls'] = String(polls);
  r.return(504, '');
}

function refuse(r: NginxHTTPRequest, url: string, reason: string): void {
  r.error(`offload: "${url}" is not polled: it ${reason}; the client gets a 502`);
  r.headersOut['X-Offload-Verdict'] = 'refused';
  r.return(502, '');
}

/** Once for a client, at its first try. */
function logComplaints(r: NginxHTTPRequest, held: Held): void {
  for (let i = 0; i < held.complaints.length; i++) {
    r.error(`offload: ${held.complaints[i]}`);
  }
}
