/** How the answer to a poll becomes the client's. Pure: result.njs.ts reads what is decided on, and carries it out. */

import { FAULT } from '../../shared/told';
import type { EndInterval } from '../learning/distribution';
import { bodyOf } from '../poll/answer';
import type { Attempt } from '../poll/attempt';
import { failed, type GiveUp, type Pause, type Take, waitedAt } from '../poll/decide';
import type { Answer } from '../poll/protocol';
import type { Target } from '../signal/target';
import { forwarded, type HeaderLine, isLongHeader, type Result, writable } from './headers';

/** An answer, read whole. */
export interface Whole extends Result {
  contentLength: string | undefined;
}

/** Pause and GiveUp: the answer is none. */
export type Taken = Forward | GoOn | Stream | Retry | Pause | GiveUp;

/** Send the answer of the poll as the result. */
export interface Forward {
  do: 'forward';
  lines: HeaderLine[];
  status: number;
}
/** The timeout has come, and the job goes on: the newest answer is the client's, as a 202 that says where the job is. */
export interface GoOn {
  do: 'go on';
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

/** Of a failure whose own answer has a status of success. */
const FAILED = 500;

/** @param now ms since the epoch */
export function take(
  attempt: Attempt,
  answer: Answer,
  as: Take['as'],
  whole: Whole,
  now: number,
): Taken {
  if (as === 'newest') {
    return { do: 'go on', lines: writable(whole) };
  }
  if (!attempt.inPlace && attempt.told[FAULT] === '' && isLongHeader(whole.lines)) {
    return { do: 'retry' };
  }
  if (as !== 'result') {
    // it was read whole, or it were no JSON
    const status = as === 'failed' ? FAILED : whole.status;
    return { do: 'forward', lines: writable(whole), status };
  }
  const stream: Stream = { do: 'stream', target: answer.poll.target };
  if (attempt.headersOnly) {
    return stream;
  }
  switch (bodyOf(whole.status, whole.contentLength, whole.bodyLength)) {
    case 'unknown':
      return stream;
    case 'truncated':
      return failed(attempt, answer, waitedAt(attempt, now), now, '');
    default: {
      const lines = forwarded(whole);
      return lines === undefined ? stream : { do: 'forward', lines, status: whole.status };
    }
  }
}

/** When the job of a result ended, for its route's schedule. */
export function endIntervalOf(answer: Answer): EndInterval {
  return { from: answer.poll.previous, to: answer.sent };
}
