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
import { readSchedule, type Schedule } from '../schedule/schedule';
import { type Job, readJob } from '../signal/signal';
import { readStatuses } from './answer';

export interface Attempt {
  /** As of hop.readTold. */
  told: string[];
  /** What the app signalled, or why it is refused. */
  job: Checked<Job>;
  /** The signal as the app wrote it, for the log. */
  signal: string;
  schedule: Schedule;
  /** Statuses that are transient errors beside those that always are, as of readStatuses. */
  transient: string;
  /** When the signal came, ms since the epoch, by nginx's clock. */
  since: number;
  /** The route whose times are learned (see learned.ts). */
  route: string;
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
  const schedule = readSchedule(
    told[hop.TIMEOUT] || '',
    told[hop.INTERVAL] || '',
    told[hop.BACKOFF] || '',
    told[hop.MAX_INTERVAL] || '',
    told[hop.POLL_COST] || '',
    told[hop.RETRY_AFTER] || '',
    Number(since) * 1000,
    since + url + args,
  );
  const listed = told[hop.TRANSIENT] || '';
  const transient = readStatuses(listed);
  if (transient === undefined) {
    schedule.complaint += `$offload_transient is ${quoted(listed)}, which is no list of statuses: it is ignored; `;
  }
  return {
    told,
    job: readJob(url, args),
    signal: args === '' ? url : `${url} ${args}`,
    schedule,
    transient: transient || '',
    since: Number(since) * 1000,
    route: routeOf(told[hop.ROUTE] || '', url),
    host,
    headersOnly: inPlace || told[hop.FAULT] !== '',
    inPlace,
  };
}
