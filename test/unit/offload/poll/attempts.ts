/** An attempt of a job that is polled each second, the answer to its first poll, and what is decided. */

import { hashOf } from '../../../../src/offload/app/hash.njs';
import { readAttempt } from '../../../../src/offload/poll/attempt';
import { type Action, decide } from '../../../../src/offload/poll/decide';
import type { Answer, Poll } from '../../../../src/offload/poll/protocol';
import { type Taken, take, type Whole } from '../../../../src/offload/result/take';
import { type Told, told } from '../../../../testkit/clients/told';

export const SINCE = 1_700_000_000;
const base: Told = {
  since: String(SINCE),
  url: '/poll',
  args: '7',
  timeout: '60s',
  interval: '1s',
  backoff: '0%',
  maxInterval: '30s',
  pollCost: 'off',
};

/** $offload_sent_on, by what it has. */
export interface SentOn {
  hop?: string;
  continues?: string;
  next?: string;
  /** `$msec $request_time` */
  now?: string;
}
export const sentOnBy = (its: SentOn) =>
  [its.hop ?? '', its.continues ?? 'off', its.next ?? '', ...(its.now ?? '0 0').split(' ')].join(
    ';',
  );

export const attempt = (more: Told & SentOn = {}, inPlace = false) =>
  readAttempt(
    told({ ...base, sentOn: sentOnBy(more), ...more }),
    'example.com',
    inPlace,
    0,
    hashOf,
  );
/** ms since the epoch, of ms since the signal. */
export const at = (ms: number) => SINCE * 1000 + ms;

export const poll: Poll = {
  do: 'poll',
  method: 'POST',
  target: { path: '/poll/7/0', query: '' },
  follows: 0,
  isOfResult: false,
  delay: 0,
  next: 2_000,
  previous: 0,
};
export const sent = 1_200;
/** An answer, and all that is read of it where it is taken. */
export type Given = Answer & { whole: Whole };
export interface Header {
  location?: string;
  retryAfter?: string;
}
export const answer = ({
  location,
  retryAfter,
  ...more
}: Partial<Answer & Omit<Whole, 'status'> & Header>): Given => {
  const whole: Whole = {
    status: 200,
    lines: [['X-A', '1']],
    contentLength: '2',
    contentType: 'text/plain',
    connection: '',
    bodyLength: 2,
    ...more,
  };
  return {
    poll,
    sent,
    isServed: true,
    isHttp: true,
    status: 200,
    reply: {
      headersOut: { Location: location, 'Retry-After': retryAfter },
      variables: {},
      responseText: 'ok',
    },
    ...more,
    whole,
  };
};

/** What is done, in the end. */
export function decided(
  its: ReturnType<typeof attempt>,
  now: number,
  given: Given | undefined,
): Exclude<Action, { do: 'take' }> | Taken {
  const action = decide(its, now, given);
  return action.do === 'take'
    ? take(its, given as Given, action.as, (given as Given).whole, now)
    : action;
}
