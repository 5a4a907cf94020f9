/** What phases.ts has measured, for the report. */

import type { Metrics, Row } from './report.ts';

export function comparedFast(metrics: Metrics) {
  const of = (name: string) => metrics[`fast_${name}`]?.values.max ?? null;
  return {
    ...{ alone_p50: of('alone_p50'), alone_p95: of('alone_p95') },
    ...{ beside_p50: of('beside_p50'), beside_p95: of('beside_p95') },
    times: of('times'),
  };
}

export function fastRowsOf(figures: ReturnType<typeof comparedFast>): Row[] {
  const ms = (value: number | null) => (value === null ? 'none' : `${value.toFixed(1)} ms`);
  return [
    ['fast, alone', `p50 ${ms(figures.alone_p50)}, p95 ${ms(figures.alone_p95)}`],
    ['fast, beside', `p50 ${ms(figures.beside_p50)}, p95 ${ms(figures.beside_p95)}`],
    ['', figures.times === null ? 'none' : `${figures.times.toFixed(1)} times the p95 alone`],
  ];
}
