/** What tally.ts has counted, for the report. */

import { KINDS } from './calls.ts';
import type { Metrics, Row } from './report.ts';

export type Tally = ReturnType<typeof tallied>;

/** @param requests planned */
export function tallied(metrics: Metrics, requests: number) {
  const countOf = (name: string) => metrics[name]?.values.count ?? 0;
  const kinds = KINDS.map((kind) => [kind, countOf(`wrong_${kind}`)] as const);
  const made = kinds.reduce((sum, [, number]) => sum + number, countOf('right'));
  const { min = 0, max = 0 } = metrics.clock?.values ?? {};
  const latency = (name: string) =>
    countOf('right') > 0 ? (metrics.added?.values[name] ?? null) : null;
  return {
    requests,
    right: countOf('right'),
    wrong: Object.fromEntries(kinds) as Record<(typeof KINDS)[number], number>,
    unfinished: requests - made,
    wallSeconds: (max - min) / 1000,
    addedMs: {
      ...{ p50: latency('med'), p95: latency('p(95)'), p99: latency('p(99)') },
      max: latency('max'),
    },
  };
}

export function rowsOf({ requests, right, wrong, unfinished, wallSeconds, addedMs }: Tally): Row[] {
  const wrongs = [...Object.entries(wrong), ['unfinished', unfinished] as const]
    .filter(([, number]) => number > 0)
    .map(([kind, number]) => `${kind} ${number}`);
  const rate = wallSeconds > 0 ? right / wallSeconds : 0;
  const latency = Object.entries(addedMs).map(
    ([name, ms]) => `${name} ${ms === null ? 'none' : `${ms.toFixed(0)} ms`}`,
  );
  return [
    ['right', `${right} of ${requests}`],
    ['wrong', wrongs.join(', ') || 'none'],
    ['wall time', `${wallSeconds.toFixed(2)} s, ${rate.toFixed(1)} right answers a second`],
    ['added latency', latency.join(', ')],
  ];
}
