/**
 * The files of the learned schedule, for each route, in a folder beside the waiter's socket:
 *
 * - ROUTE.log   a line for each job that ended since the last plan,
 * - ROUTE.times what is known of the times of its jobs (distribution.ts),
 * - ROUTE.plan  when to poll (plan.ts), which each attempt reads.
 *
 * And for the milliseconds of a plan, ROUTE.planning, the folder of the process that plans, and ROUTE.claimed, the
 * log that it folds.
 */

import type { EndInterval } from './distribution';

/** So many routes with a name, and as many without, have files of their own; the others share these. */
export const MOST_ROUTES = 200;
export const ALL_OTHERS = 'others';

/** Bytes. A log that is not folded, as it can't be written or renamed, does not grow. */
export const LONGEST_LOG = 65_536;

/**
 * @param route of route/http.conf; `other` or empty: there is none
 * @param url the header X-OffloadToPoller-Url, which stands for the route then
 * @param hashOf 32 bits of a text
 * @returns a name for files
 */
export function routeOf(route: string, url: string, hashOf: (text: string) => number): string {
  if (route !== '' && route !== 'other') {
    return `route-${route}`;
  }
  const query = url.indexOf('?');
  const path = query < 0 ? url : url.slice(0, query);
  return `path-${hashOf(path).toString(16)}`;
}

/** A line of a log. */
export function writeOutcome(outcome: EndInterval): string {
  return `${Math.floor(outcome.from)} ${Math.ceil(outcome.to)}\n`;
}

/** Lines that can't be read are left out. */
export function readOutcomes(log: string): EndInterval[] {
  const outcomes: EndInterval[] = [];
  let at = 0;
  for (;;) {
    const end = log.indexOf('\n', at);
    if (end < 0) {
      return outcomes;
    }
    const space = log.indexOf(' ', at);
    const from = Number(log.slice(at, space));
    const to = Number(log.slice(space + 1, end));
    if (space > at && space < end && from >= 0 && to > from) {
      outcomes.push({ from, to });
    }
    at = end + 1;
  }
}
