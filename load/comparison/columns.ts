/** The columns of the tables; docs/benchmark.md explains each. */

import { type Outcome, wrongOf } from './results';

export interface Column {
  title: string;
  /** In the unit that `format` expects; null if there is no value. */
  value: (outcome: Outcome) => number | null;
  format: (value: number) => string;
  better: 'less' | 'more';
  /** One of the few columns of the tables in the README and docs/benchmark.md. */
  isShort: boolean;
}

export const columns: Column[] = [
  {
    title: 'wall time',
    value: (outcome) => outcome.wallSeconds,
    format: (seconds) => `${seconds.toFixed(1)} s`,
    better: 'less',
    isShort: true,
  },
  {
    title: 'right/s',
    value: (outcome) => outcome.right / outcome.wallSeconds,
    format: (rate) => rate.toFixed(1),
    better: 'more',
    isShort: false,
  },
  {
    title: 'errors',
    value: (outcome) => share(wrongOf(outcome), outcome.right + wrongOf(outcome)),
    format: (errors) => (errors === 0 ? '0' : `${(errors * 100).toFixed(1)} %`),
    better: 'less',
    isShort: false,
  },
  ...(['p50', 'p99'] as const).map(
    (percentile): Column => ({
      title: `added ${percentile}`,
      value: (outcome) => outcome.addedMs[percentile],
      format: (ms) => (ms < 10_000 ? `${ms.toFixed(0)} ms` : `${(ms / 1000).toFixed(1)} s`),
      better: 'less',
      isShort: true,
    }),
  ),
  {
    title: 'app calls a job',
    value: (outcome) => outcome.callsPerJob,
    format: (calls) => calls.toFixed(1),
    better: 'less',
    isShort: true,
  },
  {
    title: 'memory a client',
    value: (outcome) => outcome.bytesPerHeld / 1024,
    format: (kb) => `${kb.toFixed(0)} KB`,
    better: 'less',
    isShort: true,
  },
  {
    title: 'CPU of nginx',
    value: (outcome) => outcome.cpuSeconds.nginx,
    format: (seconds) => `${seconds.toFixed(2)} s`,
    better: 'less',
    isShort: true,
  },
  {
    title: 'CPU of the app',
    value: (outcome) => outcome.cpuSeconds.app,
    format: (seconds) => `${seconds.toFixed(2)} s`,
    better: 'less',
    isShort: false,
  },
];

export function shown(column: Column, outcome: Outcome): string {
  const value = column.value(outcome);
  return value === null ? '–' : column.format(value);
}

function share(part: number, all: number): number | null {
  return all === 0 ? null : part / all;
}
