/** The outcomes as a text table. */

import type { Outcome } from './load';

export interface Offloaded {
  outcome: Outcome;
  /** Polls for each job. */
  polls: number;
}

/** @param first with nothing known of the jobs, and once more with what was learned */
export function compare(
  first: Offloaded,
  learned: Offloaded,
  blocking: Outcome,
  cutOff: number,
): string {
  const all = [first.outcome, learned.outcome, blocking];
  const rows = [
    ['', 'offloaded', 'and learned', `blocking, cut off at ${cutOff / 1000} s`],
    ['answered', ...all.map((o) => `${o.answered.length} of ${o.calls}`)],
    ['errors', ...all.map((o) => String(o.errors))],
    ['wall time', ...all.map((o) => seconds(o.wall))],
    ['p50', ...all.map((o) => percentile(o.answered, 0.5))],
    ['p99', ...all.map((o) => percentile(o.answered, 0.99))],
    ['polls a job', first.polls.toFixed(1), learned.polls.toFixed(1), 'none'],
  ];
  return rows
    .map(([name = '', ...cells]) => {
      const [last = '', ...others] = cells.reverse();
      const columns = others.reverse().map((cell) => cell.padEnd(13));
      return `  ${name.padEnd(12)} ${columns.join(' ')} ${last}\n`;
    })
    .join('');
}

function percentile(times: number[], share: number): string {
  const sorted = [...times].sort((a, b) => a - b);
  const at = sorted[Math.min(Math.ceil(sorted.length * share), sorted.length) - 1];
  return at === undefined ? 'none' : seconds(at);
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}
