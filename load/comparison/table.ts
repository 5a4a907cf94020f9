/** The figures as tables: the whole ones of load/results/table.md, and shorter ones for pages. */

import { describe } from '../rig/machine';
import { markdownTable } from '../rig/markdown';
import { whereBetter } from './better';
import { type Column, columns, shown } from './columns';
import { answeredOf, isWhole, type Outcome, type Results, type Run, wrongOf } from './results';

/** load/results/table.md */
export function page(results: Results): string {
  const sections = results.runs.map((run) => {
    const better = whereBetter(run).map((line) => `- ${line}\n`);
    const list = `\nWhere another that got all answers right does better:\n\n${better.join('')}`;
    return section(run, columns, results) + (better.length > 0 ? list : '');
  });
  return `# This project and its peers

By \`make bench\`; docs/benchmark.md says how to read it.

${sections.join('\n')}
${about(results)}
`;
}

const few = columns.filter(({ isShort }) => isShort);

/** @returns Markdown: all runs, with the columns that a user wants to know first */
export function shortTables(results: Results): string {
  return `${results.runs.map((run) => section(run, few, results)).join('\n')}\n${about(results)}\n`;
}

/** @returns Markdown: the same of the last run, whose lengths of work differ the most, without notes */
export function smallTable(results: Results): string {
  const last = results.runs.slice(-1);
  return `${last.map((run) => tableOf(run, few, results)).join('')}\n${about(results)}\n`;
}

/** `10 s` or `8 to 12 s`. */
export function workOf(jobMs: number, spreadMs: number): string {
  const seconds = (ms: number) => String(ms / 1000);
  return spreadMs === 0
    ? `${seconds(jobMs)} s`
    : `${seconds(jobMs - spreadMs)} to ${seconds(jobMs + spreadMs)} s`;
}

function section(run: Run, some: Column[], results: Results): string {
  const notes = run.outcomes.flatMap((outcome) => notesOf(outcome, results));
  return tableOf(run, some, results) + notes.map((note) => `\n${note}\n`).join('');
}

function tableOf(run: Run, some: Column[], results: Results): string {
  const { connections, requests, jobMs } = results;
  const table = markdownTable(
    ['', 'right', ...some.map(({ title }) => title)],
    run.outcomes.map((outcome) => row(outcome, some, run, results)),
  );
  return `**${workOf(jobMs, run.spreadMs)} of work**, ${requests} requests on ${connections} connections: ${run.idealSeconds.toFixed(1)} s at best.

${table}`;
}

function row(outcome: Outcome, some: Column[], run: Run, { requests, limitMs }: Results): string[] {
  const cells = some.map((column) => {
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
function notesOf(outcome: Outcome, { requests, limitMs }: Results): string[] {
  const kinds = Object.entries(outcome.wrong).filter(([, number]) => number > 0);
  const wrong = `${outcome.title}: ${wrongOf(outcome)} answers were wrong: ${kinds.map(([kind, number]) => `${number} by their ${kind}`).join(', ')}.`;
  const unfinished = `${outcome.title}: broken off at ${limitMs / 1000} s, when ${answeredOf(outcome)} of ${requests} had an answer.`;
  return [...(kinds.length > 0 ? [wrong] : []), ...(outcome.unfinished > 0 ? [unfinished] : [])];
}

function about({ taken, machine, versions }: Results): string {
  const all = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return `${describe(taken, machine)}; ${all.join(', ')}.`;
}
