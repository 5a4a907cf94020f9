/** Two outcomes as a text table. */

import type { Outcome } from './load';

export function compare(
  offloaded: Outcome,
  polls: number,
  blocking: Outcome,
  cutOff: number,
): string {
  const rows: [string, string, string][] = [
    ['', 'offloaded', `blocking, cut off at ${cutOff / 1000} s`],
    ['answered', ...both(offloaded, blocking, (o) => `${o.answered.length} of ${o.calls}`)],
    ['errors', ...both(offloaded, blocking, (o) => String(o.errors))],
    ['wall time', ...both(offloaded, blocking, (o) => seconds(o.wall))],
    ['p50', ...both(offloaded, blocking, (o) => percentile(o.answered, 0.5))],
    ['p99', ...both(offloaded, blocking, (o) => percentile(o.answered, 0.99))],
    ['polls a job', polls.toFixed(1), 'none'],
  ];
  return rows.map(([name, a, b]) => `  ${name.padEnd(12)} ${a.padEnd(14)} ${b}\n`).join('');
}

function both(a: Outcome, b: Outcome, of: (outcome: Outcome) => string): [string, string] {
  return [of(a), of(b)];
}

function percentile(times: number[], share: number): string {
  const sorted = [...times].sort((a, b) => a - b);
  const at = sorted[Math.min(Math.ceil(sorted.length * share), sorted.length) - 1];
  return at === undefined ? 'none' : seconds(at);
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}
