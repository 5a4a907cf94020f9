// @ts-check
/** Thresholds of a run, each named by the variable that sets it. */

import { duration, percent } from './variables.js';

/** Variables, and k6's names for the statistics of the added latency. */
const ADDED = { ADDED_P50: 'med', ADDED_P95: 'p(95)', ADDED_P99: 'p(99)', ADDED_MAX: 'max' };

/**
 * @typedef {object} Threshold
 * @property {string} name as printed, such as RIGHT=100%
 * @property {string} metric
 * @property {string} rule a k6 threshold expression
 */

/**
 * RIGHT, and ADDED_P50, ADDED_P95, ADDED_P99, ADDED_MAX if set.
 * @param {Record<string, string | undefined>} env
 * @param {number} requests
 * @returns {Threshold[]}
 */
export function readThresholds(env, requests) {
  // of all planned requests, so that one that was never made is not correct
  const least = minimumCount(requests, percent(env, 'RIGHT', '100%'));
  const added = Object.entries(ADDED).filter(([name]) => env[name] !== undefined);
  return [
    { name: `RIGHT=${env.RIGHT ?? '100%'}`, metric: 'right', rule: `count>=${least}` },
    ...added.map(([name, figure]) => ({
      name: `${name}=${env[name]}`,
      metric: 'added',
      rule: `${figure}<=${duration(env, name, '1s')}`,
    })),
  ];
}

/**
 * @param {number} all
 * @param {number} share from 0 to 1
 * @returns {number} the smallest whole number that is this share
 */
export function minimumCount(all, share) {
  // 100 * 0.07 is 7.000000000000001
  return Math.ceil(all * share - 1e-6);
}

/**
 * @param {Threshold[]} thresholds
 * @returns {Record<string, string[]>} in the form of k6's options.thresholds
 */
export function asOptions(thresholds) {
  /** @type {Record<string, string[]>} */
  const options = {};
  for (const { metric, rule } of thresholds) {
    options[metric] = [...(options[metric] ?? []), rule];
  }
  return options;
}
