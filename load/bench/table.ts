/** The figures of a benchmark as Markdown. */

import { whereBetter } from './better';
import { type Column, columns, shown } from './columns';
import { markdownTable } from './markdown';
import { answeredOf, isWhole, type Outcome, type Results, type Run, wrongOf } from './results';

export function table(results: Results): string {
  const runs = results.runs.map((run) => section(run, results));
  return `${runs.join('\n')}\n${colophon(results)}\n`;
}

/** `10 s` or `8 to 12 s`. */
export function workOf(jobMs: number, spreadMs: number): string {
  const seconds = (ms: number) => String(ms / 1000);
  return spreadMs === 0
    ? `${seconds(jobMs)} s`
    : `${seconds(jobMs - spreadMs)} to ${seconds(jobMs + spreadMs)} s`;
}

function section(run: Run, results: Results): string {
  const { connections, requests, jobMs } = results;
  const better = whereBetter(run);
  return [
    `**${workOf(jobMs, run.spreadMs)} of work**, ${requests} requests on ${connections} connections: ${run.idealSeconds.toFixed(1)} s at best.`,
    '',
    ...markdownTable([
      ['', 'right', ...columns.map(({ title }) => title)],
      ...run.outcomes.map((outcome) => row(outcome, run, results)),
    ]),
    '',
    ...run.outcomes.flatMap((outcome) => notes(outcome, results)),
    ...(better.length > 0
      ? ['Where another that got all answers right does better:', '', ...better, '']
      : []),
  ].join('\n');
}

function row(outcome: Outcome, run: Run, { requests, limitMs }: Results): string[] {
  const cells = columns.map((column) => {
    if (column.title === 'wall time' && outcome.unfinished > 0) {
      return `over ${limitMs / 1000} s`;
    }
    const cell = shown(column, outcome);
    return isBest(column, outcome, run) ? `**${cell}**` : cell;
  });
  return [outcome.title, `${outcome.right} of ${requests}`, ...cells];
}

/** Of those that answered all requests right: one that answers little needs little. */
function isBest(column: Column, outcome: Outcome, run: Run): boolean {
  const values = run.outcomes
    .filter(isWhole)
    .map(column.value)
    .filter((value) => value !== null);
  if (!isWhole(outcome) || values.length < 2) {
    return false;
  }
  const best = column.better === 'less' ? Math.min(...values) : Math.max(...values);
  return shown(column, outcome) === column.format(best);
}

/** What a row has no place for. */
function notes(outcome: Outcome, { requests, limitMs }: Results): string[] {
  const kinds = Object.entries(outcome.wrong).filter(([, number]) => number > 0);
  const wrong = `${outcome.title}: ${wrongOf(outcome)} answers were wrong (${kinds.map(([kind, number]) => `${kind} ${number}`).join(', ')}).`;
  const unfinished = `${outcome.title}: broken off at the limit of ${limitMs / 1000} s; ${answeredOf(outcome)} of ${requests} requests had an answer by then, the other ${outcome.unfinished} were held or not yet asked.`;
  return [
    ...(kinds.length > 0 ? [wrong, ''] : []),
    ...(outcome.unfinished > 0 ? [unfinished, ''] : []),
  ];
}

function colophon({ machine, versions, date }: Results): string {
  const { cores, cpu, memoryGiB, kernel } = machine;
  const all = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return `${date.slice(0, 10)}, ${cores} cores (${cpu}), ${memoryGiB} GiB, Linux ${kernel}; ${all.join(', ')}.`;
}
