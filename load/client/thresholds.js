// @ts-check
/** What a run must keep to, each by the variable that asks for it. */

import { duration, percent } from './variables.js';

/** Names in k6 of what is added to the work's own length. */
const ADDED = { ADDED_P50: 'med', ADDED_P95: 'p(95)', ADDED_P99: 'p(99)', ADDED_MAX: 'max' };

/**
 * @typedef {object} Threshold
 * @property {string} name for people, such as RIGHT=100%
 * @property {string} metric
 * @property {string} rule in k6's terms
 */

/**
 * RIGHT, and ADDED_P50, ADDED_P95, ADDED_P99, ADDED_MAX where they are given.
 * @param {Record<string, string | undefined>} env
 * @param {number} requests
 * @returns {Threshold[]}
 */
export function readThresholds(env, requests) {
  // of all that were to be made: one that never was is not right either
  const least = leastOf(requests, percent(env, 'RIGHT', '100%'));
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
export function leastOf(all, share) {
  // 100 * 0.07 is 7.000000000000001
  return Math.ceil(all * share - 1e-6);
}

/**
 * @param {Threshold[]} thresholds
 * @returns {Record<string, string[]>} as k6 has them in a script's options
 */
export function asOptions(thresholds) {
  /** @type {Record<string, string[]>} */
  const options = {};
  for (const { metric, rule } of thresholds) {
    options[metric] = [...(options[metric] ?? []), rule];
  }
  return options;
}
