/**
 * One attempt of a held request, from what @offload tells the waiter: the same at each attempt, as nginx
 * builds the request to an upstream once.
 *
 * One flat object, created once: in njs's own engine an object costs a held client 250 bytes and more.
 */

import { type Checked, isRefusal } from '../../shared/checked';
import { quoted } from '../../shared/quoted';
import * as words from '../../shared/told';
import { operation } from '../accepted/operation';
import { hopAt, readHop, readSentOn, type SentOn } from '../hop/due';
import { routeOf } from '../learning/learned';
import { readSchedule, type Schedule } from '../schedule/schedule';
import { published } from '../signal/published';
import { readJob } from '../signal/signal';
import { readStatuses } from './answer';
import type { Protocol } from './protocol';

export interface Attempt {
  /** As of readTold. */
  told: string[];
  /** What is polled, and how; or why it is refused. */
  protocol: Checked<Protocol>;
  schedule: Schedule;
  /** When the signal came, ms since the epoch, by nginx's clock. */
  since: number;
  /** When the client's request ends at the latest (src/offload/hop/), ms since the signal; Infinity: never. */
  endsAt: number;
  /** When the client is sent on; Infinity: the timeout is sooner. */
  hopAt: number;
  /** No poll is sooner, ms since the signal: what another request of this client knew; 0 if it is the first. */
  notBefore: number;
  /** Whether the client may come again at the timeout. */
  continues: boolean;
  /** The route whose times are learned (see learned.ts). */
  route: string;
  /** The client's header Host. */
  host: string;
  /**
   * An attempt failed, or no other can follow: poll for the header alone and stream the result,
   * as a body larger than subrequest_output_buffer_size would fail the attempt. Not where the body is what has to
   * be read.
   */
  headersOnly: boolean;
  /** In the waiter's own request and not in one that it proxies to /.offload/poll (see waiter.conf). */
  inPlace: boolean;
}

/** The signal as the app wrote it, for the log. */
export function signalOf(told: string[]): string {
  const url = told[words.URL] || '';
  const args = told[words.ARGS] || '';
  return args === '' ? url : `${url} ${args}`;
}

/**
 * @param told, host, inPlace see Attempt
 * @param next no poll is sooner, as this request itself knew; ms since the signal
 * @param hashOf 32 bits of a text
 */
export function readAttempt(
  told: string[],
  host: string,
  inPlace: boolean,
  next: number,
  hashOf: (text: string) => number,
): Attempt {
  const began = told[words.SINCE] || '';
  const since = Number(began) * 1000;
  const url = told[words.URL] || '';
  const schedule = readSchedule(
    told[words.TIMEOUT] || '',
    told[words.INTERVAL] || '',
    told[words.BACKOFF] || '',
    told[words.MAX_INTERVAL] || '',
    told[words.POLL_COST] || '',
    told[words.RETRY_AFTER] || '',
    since,
    hashOf(began + url + (told[words.ARGS] || '')),
  );
  const protocol = readProtocol(told, host, schedule);
  const attempt: Attempt = {
    told,
    protocol,
    schedule,
    since,
    endsAt: Infinity,
    hopAt: Infinity,
    notBefore: next,
    continues: false,
    route: routeOf(told[words.ROUTE] || '', told[words.CALL] || url, hashOf),
    host,
    headersOnly:
      (inPlace || told[words.FAULT] !== '') && (isRefusal(protocol) || !protocol.readsBody),
    inPlace,
  };
  const sentOn = told[words.SENT_ON] || '';
  if (sentOn !== '') {
    sendOn(attempt, readSentOn(sentOn));
  }
  return attempt;
}

function sendOn(attempt: Attempt, sentOn: SentOn): void {
  const schedule = attempt.schedule;
  const hop = readHop(sentOn.hop);
  if (hop === undefined) {
    schedule.complaint += `$offload_hop is ${quoted(sentOn.hop)}, which is no time in its range: it is off; `;
  }
  attempt.endsAt = hopAt(hop, sentOn.began, attempt.since);
  attempt.hopAt = attempt.endsAt < schedule.timeout ? attempt.endsAt : Infinity;
  attempt.notBefore = Math.max(attempt.notBefore, sentOn.next);
  attempt.continues = sentOn.continues;
}

function readProtocol(told: string[], host: string, schedule: Schedule): Checked<Protocol> {
  const pending = statuses('pending', told[words.PENDING] || '', schedule);
  const transient = statuses('transient', told[words.TRANSIENT] || '', schedule);
  if (words.isOperation(told)) {
    return operation(told, host, pending, transient);
  }
  const job = readJob(told[words.URL] || '', told[words.ARGS] || '');
  return isRefusal(job) ? job : published(job, host, pending, transient);
}

/** @returns a list as of readStatuses; empty if none is listed, or if it can't be read */
function statuses(name: 'pending' | 'transient', listed: string, schedule: Schedule): string {
  if (listed === '') {
    return '';
  }
  const list = readStatuses(listed);
  if (list === undefined) {
    schedule.complaint += `$offload_${name} is ${quoted(listed)}, which is no list of statuses: it is ignored; `;
  }
  return list || '';
}
