/**
 * What the app asked for with its first answer: `X-OffloadToPoller-Url: /poll` and
 * `X-OffloadToPoller-Args: 42` name the job `/poll/42`, polled as `/poll/42/0`,
 * `/poll/42/1` and so on.
 */

import { readTarget, type Target } from './target';
import { accepted, type Checked, refused } from './verdict';

/** A job, as a target to which the number of a poll is added. */
export type Job = Target;

/**
 * @param url the header X-OffloadToPoller-Url: a path; a query behind it goes with each poll
 * @param args the header X-OffloadToPoller-Args: one or more segments; may be empty
 */
export function readJob(url: string, args: string): Checked<Job> {
  if (/[?#]/.test(args)) {
    return refused('has a ? or a # in its arguments');
  }
  const read = readTarget(url);
  if (!read.ok) {
    return read;
  }
  const mark = url.indexOf('?');
  const base = trimSlashes(mark < 0 ? url : url.slice(0, mark));
  const segments = trimSlashes(args);
  const whole = readTarget(segments === '' ? `/${base}` : `/${base}/${segments}`);
  if (!whole.ok) {
    return whole;
  }
  if (base === '') {
    return refused('is the root: a job needs a path of its own');
  }
  return accepted({ path: whole.value.path, query: read.value.query });
}

/** @param number from 0 */
export function pollTarget(job: Job, number: number): Target {
  return { path: `${job.path}/${number}`, query: job.query };
}

function trimSlashes(text: string): string {
  return text.replace(/^\//, '').replace(/\/$/, '');
}
