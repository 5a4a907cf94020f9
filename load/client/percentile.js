// @ts-check
/**
 * @param {number[]} values at least one
 * @param {number} share from 0 to 1
 * @returns {number} the least of them that so large a share does not pass
 */
export function percentile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return /** @type {number} */ (sorted[Math.max(Math.ceil(sorted.length * share), 1) - 1]);
}
