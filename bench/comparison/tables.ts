/** The figures as tables: whole ones, shorter ones for pages, and where peers do better than this project. */

import { sum } from 'simple-statistics';
import { workOf } from '../../load/client/report.js';
import type { Results as ResultsOf } from '../runner/definition';
import { kilobytes, latency, percent, seconds } from '../runner/figures';
import { describe } from '../runner/machine';
import type { Outcome } from '../runner/measure';
import { table } from '../runner/publish';
import type { Run, Settings } from './benchmark';
import { isOurs, peers } from './peers';

export type Results = ResultsOf<Settings, Run[]>;

/** Explained in docs/benchmark.md. */
interface Column {
  title: string;
  /** In the unit that `format` expects; null if there is no value. */
  value: (outcome: Outcome) => number | null;
  format: (value: number) => string;
  better: 'less' | 'more';
  /** The shortest table that has it: the README's, that of docs/benchmark.md, or bench/results/table.md. */
  from: 'README' | 'docs' | 'all';
}

const number = (value: number) => value.toFixed(1);
const share = (value: number) => (value === 0 ? '0' : percent(value, 1));
const cpu = (value: number) => seconds(value, 2);
const column = (
  title: string,
  from: Column['from'],
  value: Column['value'],
  format: Column['format'],
  better: Column['better'] = 'less',
): Column => ({ title, value, format, better, from });

const columns: Column[] = [
  column('wall time', 'README', (its) => its.wallSeconds, seconds),
  column('right/s', 'all', rateOf, number, 'more'),
  column(
    'errors',
    'all',
    (its) => (answeredOf(its) === 0 ? null : wrongOf(its) / answeredOf(its)),
    share,
  ),
  column('added p50', 'docs', (its) => its.addedMs.p50, latency),
  column('added p99', 'README', (its) => its.addedMs.p99, latency),
  column('app calls a job', 'docs', (its) => its.callsPerJob, number),
  column('nginx a client', 'docs', (its) => its.bytesPerHeld, kilobytes),
  column('app a client', 'docs', (its) => its.appBytesPerHeld ?? null, kilobytes),
  column('CPU of nginx', 'docs', (its) => its.cpuSeconds.nginx, cpu),
  column('CPU of the app', 'all', (its) => its.cpuSeconds.app, cpu),
];
const forDocs = columns.filter(({ from }) => from !== 'all');
const forReadme = (runs: Run[]) => [
  ...columns.filter(({ from }) => from === 'README'),
  column('memory a client', 'README', memoryOf, kilobytes),
  ...runs
    .filter(({ crowd }) => crowd !== undefined)
    .slice(-1)
    .map(({ crowd, outcomes }) => {
      const rightOf = (name: string) => outcomes.find(({ system }) => system === name)?.right;
      return column(
        `right of ${crowd} at once`,
        'README',
        (its) => rightOf(its.system) ?? null,
        String,
        'more',
      );
    }),
];

/** bench/results/table.md */
export function pages(results: Results): string {
  const sections = results.measured.map((run) => {
    const better = peersAhead(run).map((line) => `- ${line}\n`);
    const list = `\nSystems with only right answers that are better than nginx-offload:\n\n${better.join('')}`;
    return section(run, columns, results) + (better.length > 0 ? list : '');
  });
  return `${sections.join('\n')}\n${describe(results)}.\n`;
}

/** @returns Markdown: all runs, with the columns that a user wants to know first */
export function shortTables(results: Results): string {
  return `${results.measured.map((run) => section(run, forDocs, results)).join('\n')}\n${describe(results)}.\n`;
}

/**
 * @returns Markdown: the last run before the crowds, whose lengths of work differ the most, of the systems that a
 *   user would choose from, without notes
 */
export function smallTable(results: Results): string {
  const last = withoutCrowds(results.measured).slice(-1);
  const weighed = peers.filter(({ readme }) => readme).map(({ name }) => name);
  const tables = last.map((run) =>
    tableOf(
      { ...run, outcomes: run.outcomes.filter(({ system }) => weighed.includes(system)) },
      forReadme(results.measured),
      results,
    ),
  );
  return `${tables.join('')}\n${describe(results)}.\n`;
}

/** The runs of the published load. */
export function withoutCrowds(runs: Run[]): Run[] {
  return runs.filter(({ crowd }) => crowd === undefined);
}

export function rateOf({ right, wallSeconds }: Outcome): number {
  return right / wallSeconds;
}

/** Of nginx and of the app, in bytes. */
function memoryOf({ bytesPerHeld, appBytesPerHeld }: Outcome): number | null {
  return appBytesPerHeld === undefined ? null : bytesPerHeld + appBytesPerHeld;
}

/** Requests with a response, right or wrong. */
export function answeredOf(outcome: Outcome): number {
  return outcome.right + wrongOf(outcome);
}

export function wrongOf(outcome: Outcome): number {
  return sum(Object.values(outcome.wrong));
}

/** Whether each request has the right response. */
function isWhole(outcome: Outcome): boolean {
  return outcome.unfinished === 0 && wrongOf(outcome) === 0;
}

function shown({ value, format }: Column, outcome: Outcome): string {
  const its = value(outcome);
  return its === null ? '–' : format(its);
}

function section(run: Run, some: Column[], results: Results): string {
  const notes = run.outcomes.flatMap((outcome) => notesOf(outcome, run, results.settings));
  return tableOf(run, some, results) + notes.map((note) => `\n${note}\n`).join('');
}

function tableOf(run: Run, some: Column[], { settings }: Results): string {
  const { CONNECTIONS, JOB } = settings;
  const rows = run.outcomes.map((outcome) => row(outcome, some, run, settings));
  return `**${workOf({ job: JOB, spread: run.spreadMs })} of work**, ${requestsOf(run, settings)} requests on ${run.crowd ?? CONNECTIONS} connections: ${run.idealSeconds.toFixed(1)} s at best.

${table(['', 'right', ...some.map(({ title }) => title)], rows)}`;
}

function requestsOf(run: Run, { REQUESTS }: Settings): number {
  return run.crowd ?? REQUESTS;
}

function row(outcome: Outcome, some: Column[], run: Run, settings: Settings): string[] {
  const cells = some.map((column) => {
    if (column.title === 'wall time' && outcome.unfinished > 0) {
      return `over ${settings.LIMIT / 1000} s`;
    }
    const cell = shown(column, outcome);
    return isBest(column, outcome, run) ? `**${cell}**` : cell;
  });
  return [outcome.title, `${outcome.right} of ${requestsOf(run, settings)}`, ...cells];
}

/** Compares only systems with all requests right, as one that serves few requests uses few resources. */
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

/** Notes below the table. */
function notesOf(outcome: Outcome, run: Run, settings: Settings): string[] {
  const kinds = Object.entries(outcome.wrong).filter(([, number]) => number > 0);
  const wrong = `${outcome.title}: ${wrongOf(outcome)} wrong answers (${kinds.map(([kind, number]) => `${kind}: ${number}`).join(', ')}).`;
  const unfinished = `${outcome.title}: stopped after ${settings.LIMIT / 1000} s, with ${answeredOf(outcome)} of ${requestsOf(run, settings)} requests answered.`;
  return [...(kinds.length > 0 ? [wrong] : []), ...(outcome.unfinished > 0 ? [unfinished] : [])];
}

/**
 * A line for each column in which a peer is better than this project with the njs engine. Peers with
 * wrong or missing responses are left out; equal rounded figures are not better.
 */
export function peersAhead(run: Run): string[] {
  return columns.flatMap((column) => {
    const [best, ...others] = aheadOf(run, column);
    const ours = oursOf(run);
    if (best === undefined || ours === undefined) {
      return [];
    }
    const more = others.length > 0 ? ` and ${others.length} more` : '';
    return [
      `${column.title}: ${best.title} (${shown(column, best)})${more}; nginx-offload ${shown(column, ours)}`,
    ];
  });
}

/** A sentence without a full stop: the columns in which peers are better, and the best peers. */
export function othersDoBetter(runs: Run[]): string {
  const found = columns.flatMap((column) => {
    const best = withoutCrowds(runs).flatMap((run) => aheadOf(run, column)[0]?.title ?? []);
    return best.length > 0 ? [`${column.title} (${[...new Set(best)].join(', ')})`] : [];
  });
  const list = new Intl.ListFormat('en-GB').format(found);
  return found.length > 0
    ? `Other systems are better than nginx-offload in these columns (the best of them in brackets): ${list}`
    : 'No other system with only right responses is better than nginx-offload';
}

/** The peers that are better, best first. */
function aheadOf(run: Run, { value, format, better }: Column): Outcome[] {
  const ours = oursOf(run);
  const own = ours === undefined ? null : value(ours);
  const sign = better === 'less' ? 1 : -1;
  const ahead = run.outcomes.filter((peer) => {
    const its = value(peer);
    if (isOurs(peer.system) || !isWhole(peer) || its === null || own === null) {
      return false;
    }
    return format(its) !== format(own) && sign * (its - own) < 0;
  });
  return ahead.sort((a, b) => sign * ((value(a) ?? 0) - (value(b) ?? 0)));
}

function oursOf(run: Run): Outcome | undefined {
  return run.outcomes.find(({ system }) => system === 'offload');
}
