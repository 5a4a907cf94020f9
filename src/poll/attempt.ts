/**
 * One try of a held request, as @offload describes it: to the waiter in private headers,
 * which are the same at every try since nginx builds the request to an upstream once; to
 * code in the public server in variables.
 *
 * One flat object, made once: a held client pays for each object of a try, 250 bytes and
 * more in njs's own engine.
 */

import { jitterOf } from '../schedule/jitter';
import { readSettings, type Settings } from '../schedule/settings';
import type { Checked } from '../shared/checked';
import { quoted } from '../shared/quoted';
import { type Job, readJob } from '../signal/signal';
import { readStatuses } from './statuses';

export interface Try {
  r: NginxHTTPRequest;
  /** What the app asked for, or why it can't be had. */
  job: Checked<Job>;
  /** The signal as the app wrote it, for the log. */
  signal: string;
  settings: Settings;
  /** Statuses that count as a lost poll beside those that always do. */
  lost: string;
  /** When the signal came, ms since the epoch, by nginx's clock. */
  since: number;
  /** See schedule.ts. */
  jitter: number;
  /** A try broke off before, or there is no other after this one: it goes carefully (see wait.ts). */
  afterFault: boolean;
  /** What broke may break again at once. */
  pausesFirst: boolean;
  /** The waiter is gone: there is nobody to hand the next try to. */
  inPlace: boolean;
  /** The number of the poll, from 0, and when the next try is due, ms since the signal. */
  number: number;
  next: number;
  /** When the poll was sent, ms since the signal. */
  asked: number;
}

/** In the waiter. */
export function readTry(r: NginxHTTPRequest): Try {
  const headers = r.headersIn;
  const attempt = newTry(
    r,
    headers['X-Offload-Since'] || '',
    headers['X-Offload-Url'] || '',
    headers['X-Offload-Args'] || '',
    readSettings(
      headers['X-Offload-Timeout'] || '',
      headers['X-Offload-Interval'] || '',
      headers['X-Offload-Backoff'] || '',
      headers['X-Offload-Max-Interval'] || '',
    ),
    headers['X-Offload-Transient'] || '',
  );
  const fault = headers['X-Offload-Fault'] || '';
  attempt.afterFault = fault !== '';
  attempt.pausesFirst = fault === '1';
  return attempt;
}

/** In the public server. */
export function readTryInPlace(r: NginxHTTPRequest): Try {
  const variables = r.variables;
  const attempt = newTry(
    r,
    variables.offload_since || '',
    variables.offload_url || '',
    variables.offload_args || '',
    readSettings(
      variables.offload_timeout || '',
      variables.offload_interval || '',
      variables.offload_backoff || '',
      variables.offload_max_interval || '',
    ),
    variables.offload_transient || '',
  );
  attempt.inPlace = true;
  attempt.afterFault = true;
  return attempt;
}

function newTry(
  r: NginxHTTPRequest,
  since: string,
  url: string,
  args: string,
  settings: Settings,
  lost: string,
): Try {
  const statuses = readStatuses(lost);
  if (statuses === undefined) {
    settings.complaint += `$offload_transient is ${quoted(lost)}, which is no list of statuses: it is left out; `;
  }
  return {
    r,
    job: readJob(url, args),
    signal: args === '' ? url : `${url} ${args}`,
    settings,
    lost: statuses || '',
    since: Number(since) * 1000,
    jitter: jitterOf(since + url + args),
    afterFault: false,
    pausesFirst: false,
    inPlace: false,
    number: 0,
    next: 0,
    asked: 0,
  };
}

/** ms since the signal came; 0 where the clock was set back. */
export function waited(attempt: Try): number {
  return Math.max(Date.now() - attempt.since, 0);
}
