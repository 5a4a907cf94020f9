/**
 * What @offload tells the waiter of the client it holds: private headers, the same at every
 * try, since nginx builds the request to an upstream once.
 */

import { readSettings, type Settings } from '../decide/settings';
import { type Job, readJob } from '../decide/signal';
import { spreadOf } from '../decide/spread';
import type { Checked } from '../decide/verdict';

export interface Held {
  /** What the app asked for, or why it can't be had. */
  job: Checked<Job>;
  /** The signal as the app wrote it, for the log. */
  signal: string;
  settings: Settings;
  /** What is wrong with the settings, a sentence each. */
  complaints: string[];
  /** When the signal came, ms since the epoch, by nginx's clock. */
  since: number;
  /** See schedule.ts. */
  spread: number;
  /** A try broke off before: this one goes carefully (see wait.ts). */
  afterFault: boolean;
}

export function readHeld(r: NginxHTTPRequest): Held {
  const header = (name: string): string => r.headersIn[name] || '';

  const url = header('X-Offload-Url');
  const args = header('X-Offload-Args');
  const since = header('X-Offload-Since');
  const read = readSettings({
    timeout: header('X-Offload-Timeout'),
    interval: header('X-Offload-Interval'),
    max_interval: header('X-Offload-Max-Interval'),
    growth: header('X-Offload-Growth'),
  });
  return {
    job: readJob(url, args),
    signal: args === '' ? url : `${url} ${args}`,
    settings: read.settings,
    complaints: read.complaints,
    since: Number(since) * 1000,
    spread: spreadOf(since + url + args),
    afterFault: header('X-Offload-Fault') !== '',
  };
}

/** ms since the signal came; 0 where the clock was set back. */
export function waitedSince(held: Held): number {
  return Math.max(Date.now() - held.since, 0);
}
