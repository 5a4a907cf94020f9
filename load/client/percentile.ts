/**
 * The smallest value that at least this share of the values, one or more, does not exceed. By hand, as k6 scripts
 * import no packages.
 */
export function percentile(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(Math.ceil(sorted.length * share), 1) - 1] as number;
}
