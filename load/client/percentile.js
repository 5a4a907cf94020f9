// @ts-check
/**
 * By hand, as k6 scripts import no packages; the one of the benchmarks and the demo too.
 *
 * @param {number[]} values at least one
 * @param {number} share from 0 to 1
 * @returns {number} the smallest value that at least this share of the values does not exceed
 */
export function percentile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return /** @type {number} */ (sorted[Math.max(Math.ceil(sorted.length * share), 1) - 1]);
}
