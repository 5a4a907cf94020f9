/**
 * One attempt of a held request, from what @offload tells the waiter: the same at each attempt, as nginx
 * builds the request to an upstream once.
 *
 * One flat object, created once: in njs's own engine an object costs a held client 250 bytes and more.
 */

import type { Checked } from '../../shared/checked';
import * as hop from '../../shared/hop';
import { quoted } from '../../shared/quoted';
import { routeOf } from '../learning/learned';
import type { Plan } from '../learning/plan';
import { lastPoll } from '../schedule/backoff';
import { hashOf } from '../schedule/jitter';
import { readRetryAfter } from '../schedule/retry-after';
import { DEFAULTS, readPollCost, readSettings, type Settings } from '../schedule/settings';
import { type Job, readJob } from '../signal/signal';
import { readStatuses } from './answer';

export interface Attempt {
  /** As of hop.readTold. */
  told: string[];
  /** What the app signalled, or why it is refused. */
  job: Checked<Job>;
  /** The signal as the app wrote it, for the log. */
  signal: string;
  settings: Settings;
  /** Statuses that are transient errors beside those that always are, as of readStatuses. */
  transient: string;
  /** When the signal came, ms since the epoch, by nginx's clock. */
  since: number;
  /** Of the job, for its jitter. */
  hash: number;
  /** The route whose times are learned (see learned.ts), and its plan; undefined if there is none. */
  route: string;
  plan: Plan | undefined;
  /** Whether the route's times are learned. */
  isLearned: boolean;
  /** Retry-After of the signal, ms since it: no poll is sooner; 0 if there is none. */
  notBefore: number;
  /** The client's header Host. */
  host: string;
  /**
   * An attempt failed, or no other can follow: poll for the header alone and stream the result,
   * as a body larger than subrequest_output_buffer_size would fail the attempt.
   */
  headersOnly: boolean;
  /** In the waiter's own request and not in one that it proxies to /.offload/poll (see waiter.conf). */
  inPlace: boolean;
}

/** @param told, host, inPlace see Attempt */
export function readAttempt(told: string[], host: string, inPlace: boolean): Attempt {
  const since = told[hop.SINCE] || '';
  const url = told[hop.URL] || '';
  const args = told[hop.ARGS] || '';
  const settings = readSettings(
    told[hop.TIMEOUT] || '',
    told[hop.INTERVAL] || '',
    told[hop.BACKOFF] || '',
    told[hop.MAX_INTERVAL] || '',
  );
  const cost = told[hop.POLL_COST] || '';
  const pollCost = readPollCost(cost);
  if (pollCost === undefined) {
    settings.complaint += `$offload_poll_cost is ${quoted(cost)}, which is no time in its range: ${DEFAULTS.pollCost} is used; `;
  }
  const listed = told[hop.TRANSIENT] || '';
  const transient = readStatuses(listed);
  if (transient === undefined) {
    settings.complaint += `$offload_transient is ${quoted(listed)}, which is no list of statuses: it is ignored; `;
  }
  return {
    told,
    job: readJob(url, args),
    signal: args === '' ? url : `${url} ${args}`,
    settings,
    transient: transient || '',
    since: Number(since) * 1000,
    hash: hashOf(since + url + args),
    route: routeOf(told[hop.ROUTE] || '', url),
    plan: undefined,
    isLearned: pollCost !== 0,
    notBefore: notBefore(told[hop.RETRY_AFTER] || '', Number(since) * 1000, settings),
    host,
    headersOnly: inPlace || told[hop.FAULT] !== '',
    inPlace,
  };
}

/** At the last poll of the schedule at the latest. */
function notBefore(retryAfter: string, since: number, settings: Settings): number {
  const ms = retryAfter === '' ? undefined : readRetryAfter(retryAfter, since);
  return ms === undefined ? 0 : Math.min(ms, lastPoll(settings));
}
