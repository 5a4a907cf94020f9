/** The results of a run: a table on stdout, and the figures as JSON in the file SUMMARY, if set. */

import type { Threshold } from './thresholds.ts';

/** As k6 gives them to handleSummary. */
export type Metrics = Record<
  string,
  { values: Record<string, number>; thresholds?: Record<string, { ok: boolean }> } | undefined
>;
export type Row = [name: string, value: string];

/** @returns for handleSummary */
export function report(
  title: string,
  rows: Row[],
  figures: Record<string, unknown>,
  thresholds: Threshold[],
  metrics: Metrics,
): Record<string, string> {
  const kept = thresholds.map(({ name, metric, rule }) => ({
    name,
    isKept: metrics[metric]?.thresholds?.[rule]?.ok === true,
  }));
  const all: Row[] = [
    ...rows,
    ...kept.map(({ name, isKept }): Row => [isKept ? 'kept' : 'FAILED', name]),
  ];
  const lines = all.map(([name, value]) => `  ${name.padEnd(14)} ${value}\n`);
  const verdicts = Object.fromEntries(kept.map(({ name, isKept }) => [name, isKept]));
  const json = `${JSON.stringify({ ...figures, thresholds: verdicts }, null, 2)}\n`;
  const file = __ENV.SUMMARY;
  return {
    stdout: `\n${title}\n\n${lines.join('')}\n`,
    ...(file ? { [file]: json } : {}),
  };
}
