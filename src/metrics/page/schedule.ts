/** The learned schedule of a route (src/offload/schedule): how long its jobs take, and when they are polled for. */

import { cumulated } from '../../offload/learning/estimate';
import { readDistribution, readPlan } from '../../offload/learning/stored';
import { add, type Collected } from './exposition';

const QUANTILES = [0.5, 0.9, 0.99];

/**
 * @param name of the route's files
 * @param times of ROUTE.times, empty if there is none
 * @param planned of ROUTE.plan
 */
export function collectSchedule(
  collected: Collected,
  name: string,
  times: string,
  planned: string,
): void {
  // of requests without a route, by path: too many
  if (!name.startsWith('route-')) {
    return;
  }
  const route = name.slice('route-'.length);
  const distribution = readDistribution(times);
  if (distribution !== undefined) {
    const below = cumulated(distribution.shares);
    QUANTILES.forEach((quantile) => {
      const ms = timeAt(distribution.edges, below, quantile);
      const labels = [route, String(quantile)];
      add(collected, 'offload_schedule_job_duration_seconds', labels, ms / 1000);
    });
  }
  const plan = readPlan(planned);
  if (plan !== undefined) {
    const first = (plan.times[0] as number) / 1000;
    add(collected, 'offload_schedule_planned_polls', [route], plan.times.length);
    add(collected, 'offload_schedule_first_poll_seconds', [route], first);
  }
}

/** @returns ms */
function timeAt(edges: number[], below: number[], quantile: number): number {
  let cell = 0;
  while (cell < below.length - 2 && (below[cell + 1] as number) < quantile) {
    cell++;
  }
  const share = (below[cell + 1] as number) - (below[cell] as number);
  const part = share > 0 ? (quantile - (below[cell] as number)) / share : 1;
  const start = edges[cell] as number;
  return Math.round(start + ((edges[cell + 1] as number) - start) * Math.min(Math.max(part, 0), 1));
}
