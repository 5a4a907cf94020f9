/** Statistics of response times, in ms. */

import { median } from '../rig/median';

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

/** The median of each figure over several rounds, so that a disturbed round has no effect. */
export function medianFigures(rounds: Figures[]): Figures {
  const of = (name: keyof Figures) => round(median(rounds.map((figures) => figures[name])));
  return {
    requests: rounds.reduce((total, figures) => total + figures.requests, 0),
    mean: of('mean'),
    spread: of('spread'),
    p50: of('p50'),
    p95: of('p95'),
    p99: of('p99'),
  };
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function round(ms: number): number {
  return Math.round(ms * 10) / 10;
}
