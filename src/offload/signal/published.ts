/** How a job of the published signal is polled, and what its answers mean. */

import { meaning } from '../poll/answer';
import type { Protocol } from '../poll/protocol';
import { locationTarget } from '../result/location';
import { type Job, pollTarget } from './signal';

/** "Not yet", unless $offload_pending lists others. */
const PENDING = ' 202 400 425 ';

/**
 * @param job of readJob
 * @param host the client's header Host
 * @param pending, transient statuses, as of readStatuses; empty: none are listed
 */
export function published(job: Job, host: string, pending: string, transient: string): Protocol {
  const meansPending = pending === '' ? PENDING : pending;
  return {
    method: 'POST',
    mostFollows: 1,
    readsBody: false,
    targetOf: (number) => pollTarget(job, number),
    meaningOf: (answer) =>
      meaning(answer.status, answer.reply.headersOut.Location, meansPending, transient),
    locationOf: (answer) => answer.reply.headersOut.Location as string,
    followedTarget: (location, from) => locationTarget(location, host, from),
  };
}
