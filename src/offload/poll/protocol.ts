/**
 * What is polled, and what its answers mean: a signal names a job of the published protocol (signal/signal.ts) or an
 * operation (accepted/operation.ts). A row for each; decide.ts knows of none.
 */

import type { Checked } from '../../shared/checked';
import type { Target } from '../signal/target';

/**
 * `pending`: the job is running. `transient`: the poll failed, the job did not. `unreadable`: transient, as its document
 * can't be read. `elsewhere`: the answer names where the result is. `result`: this is the result. `document`: so is this
 * document, which was read whole. `failed`: this is that of a failure, with a status of success.
 */
export type Meaning =
  | 'pending'
  | 'transient'
  | 'unreadable'
  | 'elsewhere'
  | 'result'
  | 'document'
  | 'failed';

/** Ask the app. */
export interface Poll {
  do: 'poll';
  method: 'GET' | 'POST';
  target: Target;
  /** Locations that led from the poll of the schedule to this one. */
  follows: number;
  /** One of them leads to the result: what is there is no document of the job. */
  isOfResult: boolean;
  /** ms until then: the pause before it was a little too short. */
  delay: number;
  /** When the attempt after this one is due, and when the poll before it was; 0 if there was none. */
  next: number;
  previous: number;
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
  reply: Reply;
}

/** The rest of an answer, each value of which nginx makes when it is read: most answers are "not yet". */
export interface Reply {
  readonly headersOut: {
    readonly Location?: string | undefined;
    readonly 'Retry-After'?: string | undefined;
    readonly 'Content-Type'?: string | undefined;
  };
  readonly variables: { readonly [name: string]: string | undefined };
  readonly responseText?: string | undefined;
}

/** What operation.conf hides, as nginx would copy it from an answer that is held to the result. */
export function contentTypeOf(reply: Reply): string | undefined {
  return (
    reply.headersOut['Content-Type'] || reply.variables.upstream_http_content_type || undefined
  );
}

export interface Protocol {
  /** Of a poll; a Location is followed by GET. */
  method: 'GET' | 'POST';
  /** Locations that one poll follows at most; another one is the client's. */
  mostFollows: number;
  /** Whether a body says what an answer means, so that a header alone does not do. */
  readsBody: boolean;
  /** @param number of the poll, from 0 */
  targetOf(number: number): Target;
  meaningOf(answer: Answer): Meaning;
  /** Where the result is, of an answer that means `elsewhere`: a URL as the app wrote it. */
  locationOf(answer: Answer): string;
  /** That URL as a target. `from`: the encoded path of the poll. */
  followedTarget(location: string, from: string): Checked<Target>;
}
