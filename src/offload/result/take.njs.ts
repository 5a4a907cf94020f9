/** Carries out what take.ts decides: the client gets its result, and its route's schedule learns when the job ended. */

import * as words from '../../shared/told';
import { answerOutcome } from '../app/request.njs';
import { markAnswered } from '../held/now.njs';
import { folderOf, learn } from '../learning/learning.njs';
import type { Attempt } from '../poll/attempt';
import type { GiveUp, Pause, Take } from '../poll/decide';
import { type Answer, contentTypeOf, type Protocol } from '../poll/protocol';
import { targetUri } from '../signal/target';
import { forward, linesOf } from './forward.njs';
import type { HeaderLine } from './headers';
import { take as decide, endIntervalOf, type Whole } from './take';

/** A line of a header, of each result of an operation. */
const VARY: HeaderLine = ['Vary', 'Prefer'];

/**
 * @param reply the answer, as njs has it
 * @returns undefined, or what to do as the answer is none
 */
export function take(
  r: NginxHTTPRequest,
  attempt: Attempt,
  answer: Answer,
  reply: NginxHTTPRequest,
  as: Take['as'],
): Pause | GiveUp | undefined {
  const action = decide(attempt, answer, as, readWhole(reply), Date.now());
  switch (action.do) {
    case 'forward':
      recordResult(r, attempt, answer);
      if (variesByPreference(attempt)) {
        action.lines.push(VARY);
      }
      forward(r, reply, action.lines, action.status);
      return undefined;
    case 'go on':
      goOn(r, attempt, reply, action.lines);
      return undefined;
    case 'stream':
      recordResult(r, attempt, answer);
      if (variesByPreference(attempt)) {
        r.headersOut.Vary = 'Prefer';
      }
      r.headersOut[words.SAID] = words.STREAMED;
      r.internalRedirect(targetUri(action.target));
      return undefined;
    case 'retry':
      answerOutcome(r, 'long_header');
      return undefined;
    default:
      return action;
  }
}

function readWhole(reply: NginxHTTPRequest): Whole {
  const body = reply.responseBuffer;
  return {
    status: reply.status,
    lines: linesOf(reply),
    contentLength: reply.headersOut['Content-Length'],
    contentType: contentTypeOf(reply),
    connection: reply.variables.upstream_http_connection || '',
    bodyLength: body ? body.length : 0,
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

/** It is held no longer. */
function recordResult(r: NginxHTTPRequest, attempt: Attempt, answer: Answer): void {
  markAnswered(attempt.told);
  if (attempt.schedule.isLearned) {
    learn(r, folderOf(r), attempt.route, endIntervalOf(answer));
  }
}
