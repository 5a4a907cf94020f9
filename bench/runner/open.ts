/** What the k6 scripts of open loads have in common: requests arrive at a rate, whatever the responses take. */

import type { ConstantArrivalRateScenario, Scenario } from 'k6/options';

/**
 * @param rate per second
 * @param more of k6's scenario
 */
export function constantRate(rate: number, seconds: number, more: object = {}) {
  return {
    executor: 'constant-arrival-rate',
    // k6 takes whole numbers only
    ...{ rate: Math.round(rate * 1000), timeUnit: '1000s' },
    // without the request of the last instant
    duration: `${seconds * 1000 - 1}ms`,
    // more clients than wait at the same time, so that no request is late
    ...{ preAllocatedVUs: 200, maxVUs: 1000 },
    ...more,
  } as ConstantArrivalRateScenario;
}

/** @param parts of metrics whose statistics are wanted, such as took{kind:fast} */
export function openOptions(scenarios: Record<string, Scenario>, parts: string[] = []) {
  return {
    scenarios,
    summaryTrendStats: ['avg', 'med', 'p(95)', 'p(99)', 'max', 'count'],
    // k6 has statistics of a part of a metric only where a threshold names it
    thresholds: Object.fromEntries(parts.map((part) => [part, []])),
  };
}

/** What runOpen() has given to the script. */
export const load = JSON.parse(__ENV.LOAD ?? '');

/** Statistics of each metric. */
export function openSummary({ metrics }: { metrics: Record<string, { values: object }> }) {
  const values = Object.entries(metrics).map(([name, metric]) => [name, metric.values]);
  return { [__ENV.SUMMARY as string]: JSON.stringify(Object.fromEntries(values)) };
}
