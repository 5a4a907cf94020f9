/** @param share 0.5 for the median; the smallest value that so many are not above */
export function percentile(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = Math.max(Math.ceil(sorted.length * share) - 1, 0);
  return sorted[at] ?? Number.NaN;
}

/** The middle value, or between the two of them. */
export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length / 2;
  return (
    ((sorted[Math.ceil(half) - 1] ?? Number.NaN) + (sorted[Math.floor(half)] ?? Number.NaN)) / 2
  );
}
