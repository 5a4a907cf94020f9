/** Response times, in ms, as figures. */

export interface Figures {
  requests: number;
  mean: number;
  /** Standard deviation. */
  spread: number;
  p50: number;
  p95: number;
  p99: number;
}

export function figuresOf(times: number[]): Figures {
  const sorted = [...times].sort((a, b) => a - b);
  const mean = sum(sorted) / sorted.length;
  const at = (share: number) =>
    round(sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN);
  return {
    requests: sorted.length,
    mean: round(mean),
    spread: round(Math.sqrt(sum(sorted.map((time) => (time - mean) ** 2)) / sorted.length)),
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
  };
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function round(ms: number): number {
  return Math.round(ms * 10) / 10;
}
