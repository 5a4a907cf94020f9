/**
 * The app's signal: `X-OffloadToPoller-Url: /poll` and `X-OffloadToPoller-Args: 42` name the job
 * `/poll/42`, polled as `/poll/42/0`, `/poll/42/1` and so on.
 */

import type { Checked } from '../../shared/checked';
import { readTarget, type Target } from './target';

/** The target to which the number of a poll is appended. */
export type Job = Target;

/**
 * @param url the header X-OffloadToPoller-Url: a path, perhaps with a query that each poll has
 * @param args the header X-OffloadToPoller-Args: one or more segments; may be empty
 */
export function readJob(url: string, args: string): Checked<Job> {
  if (args.indexOf('?') >= 0) {
    return 'has a ? in its arguments';
  }
  const mark = url.indexOf('?');
  const base = withoutEnd(mark < 0 ? url : url.slice(0, mark));
  if (base === '') {
    return 'is the root: a job needs a path of its own';
  }
  const path = args === '' ? base : `${base}/${withoutEnd(args)}`;
  if (path.endsWith('/')) {
    // the number of the poll would follow a second slash
    return 'has an empty segment (//)';
  }
  return readTarget(mark < 0 ? path : path + url.slice(mark));
}

/** @param number from 0 */
export function pollTarget(job: Job, number: number): Target {
  return { path: `${job.path}/${number}`, query: job.query };
}

function withoutEnd(text: string): string {
  return text.endsWith('/') ? text.slice(0, -1) : text;
}
