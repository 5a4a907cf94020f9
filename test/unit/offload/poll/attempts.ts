/** An attempt of a job that is polled each second, and the answer to its first poll. */

import { readAttempt } from '../../../../src/offload/poll/attempt';
import type { Answer, Poll } from '../../../../src/offload/poll/protocol';
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
  readAttempt(told({ ...base, sentOn: sentOnBy(more), ...more }), 'example.com', inPlace, 0);
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
export const answer = (more: Partial<Answer>): Answer => ({
  poll,
  sent,
  isServed: true,
  isHttp: true,
  status: 200,
  lines: [['X-A', '1']],
  contentLength: '2',
  contentType: 'text/plain',
  location: undefined,
  retryAfter: undefined,
  connection: '',
  bodyLength: 2,
  body: { responseText: 'ok' },
  ...more,
});
