/** What the k6 scripts of open loads have in common: requests arrive at a rate, whatever the responses take. */

/** More clients than wait at the same time, so that no request is late. */
const VUS = { preAllocatedVUs: 200, maxVUs: 1000 };

/**
 * @param {number} rate per second
 * @param {number} seconds
 * @param {object} more of k6's scenario
 */
export function constantRate(rate, seconds, more = {}) {
  return {
    executor: 'constant-arrival-rate',
    // k6 takes whole numbers only
    rate: Math.round(rate * 1000),
    timeUnit: '1000s',
    // without the request of the last instant
    duration: `${seconds * 1000 - 1}ms`,
    ...VUS,
    ...more,
  };
}

/**
 * @param {Record<string, object>} scenarios
 * @param {string[]} parts of metrics whose statistics are wanted, such as took{kind:fast}
 */
export function openOptions(scenarios, parts = []) {
  return {
    scenarios,
    summaryTrendStats: ['avg', 'med', 'p(95)', 'p(99)', 'max', 'count'],
    // k6 has statistics of a part of a metric only where a threshold names it
    thresholds: Object.fromEntries(parts.map((part) => [part, []])),
  };
}

/**
 * Statistics of each metric.
 * @param {{ metrics: Record<string, { values: object }> }} data
 */
export function openSummary({ metrics }) {
  const values = Object.entries(metrics).map(([name, metric]) => [name, metric.values]);
  return { [__ENV.SUMMARY]: JSON.stringify(Object.fromEntries(values)) };
}
