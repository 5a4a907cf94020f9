/** What a run must keep to: RIGHT=100%, and ADDED_P50, _P95, _P99, _MAX where they are given. */

import { duration, percent } from './variables.js';

/** Names in k6 of what is added to the work's own length. */
const ADDED = { ADDED_P50: 'med', ADDED_P95: 'p(95)', ADDED_P99: 'p(99)', ADDED_MAX: 'max' };

/**
 * @param {Record<string, string | undefined>} env
 * @param {number} requests
 * @returns {Record<string, string[]>} for the options of a k6 script
 */
export function readAllowed(env, requests) {
  const share = percent(env, 'RIGHT', '100%');
  const added = Object.entries(ADDED)
    .filter(([name]) => env[name] !== undefined)
    .map(([name, figure]) => `${figure}<=${duration(env, name, '')}`);
  return {
    // of all that were to be made: one that never was is not right either
    right: [`count>=${leastOf(requests, share)}`],
    ...(added.length > 0 ? { added } : {}),
  };
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
