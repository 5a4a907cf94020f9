/** The results as tables: the whole one of load/results/scale.md, and the README's. */

import { describe } from '../machine';
import { markdownTable } from '../markdown';
import type { Results, Run } from './results';

type Column = [title: string, cell: (run: Run) => string];

const NGINX: Column = [
  'nginx and engine',
  (run) => `${run.nginx}, njs ${run.njs}, ${run.engine === 'qjs' ? 'QuickJS' : "njs's own engine"}`,
];
const HELD: Column = ['held', ({ measured }) => String(measured.held)];
const SECONDS: Column = ['for', ({ seconds }) => `${seconds} s`];
const MEMORY: Column = ['memory', (run) => `${kilobytes(run).toFixed(0)} KB`];
const CPU: Column = ['CPU for 1 s', (run) => `${cpuMillis(run).toFixed(2)} ms`];
const POLLS: Column = ['polls', (run) => (run.measured.polls / run.held).toFixed(1)];
const P50: Column = ['late p50', ({ measured }) => milliseconds(measured.late.p50)];
const P95: Column = ['late p95', ({ measured }) => milliseconds(measured.late.p95)];

const WHOLE: Column[] = [
  ...[NGINX, HELD, SECONDS, MEMORY, CPU],
  ['CPU in all', ({ measured }) => `${measured.nginxCpuSeconds.toFixed(1)} s`],
  POLLS,
  ['polls/s', ({ measured }) => (measured.polls / measured.wallSeconds).toFixed(0)],
  ...[P50, P95],
  ['late max', ({ measured }) => milliseconds(measured.late.max)],
  ['right', (run) => `${run.held - wrong(run)} of ${run.held}`],
  ['at rest', ({ measured }) => megabytes(measured.memory.atRest)],
  ['after', ({ measured }) => megabytes(measured.memory.after)],
  ['open files', ({ measured }) => String(measured.openFiles)],
  ['app', ({ measured }) => `${measured.appCpuSeconds.toFixed(1)} s`],
  ['clients', ({ measured }) => `${measured.cpuSeconds.toFixed(1)} s`],
  ['clients late', ({ measured }) => milliseconds(measured.delayP99)],
];

/** load/results/scale.md */
export function page(results: Results): string {
  return `# What held clients cost\n\nBy \`make bench-scale\`; docs/scale.md says how to read it.\n\n${table(results)}`;
}

/** @returns Markdown: the machine, the table, and what was left out */
export function table(results: Results): string {
  const { machine, limits, leftOut, taken } = results;
  const about = `${taken.slice(0, 10)}, ${describe(machine)}; ${limits.workerProcesses} worker processes, ${limits.openFiles} open files for each process, ${limits.arrivals} clients arrive in a second.`;
  const omitted = leftOut.map((reason) => `\nLeft out: ${reason}.\n`).join('');
  return `${about}\n\n${inMarkdown(WHOLE, results)}${omitted}`;
}

/** @returns Markdown: what a user wants to know first */
export function shortTable(results: Results): string {
  return inMarkdown([NGINX, HELD, SECONDS, MEMORY, CPU, P50, P95], results);
}

function inMarkdown(columns: Column[], { runs }: Results): string {
  return markdownTable(
    columns.map(([title]) => title),
    columns.map((column) => (column === NGINX ? 'left' : 'right')),
    runs.map((run) => columns.map(([, cell]) => cell(run))),
  );
}

/** Growth at its peak, for each client of those that were held at the same time. */
export function kilobytes({ measured }: Run): number {
  return (measured.memory.peak - measured.memory.atRest) / measured.held / 1024;
}

/** Of nginx, for each client and second that it is held. */
export function cpuMillis({ measured }: Run): number {
  return (measured.nginxCpuSeconds * 1000) / measured.heldSeconds;
}

function wrong({ measured }: Run): number {
  return Object.values(measured.wrong).reduce((sum, count) => sum + count, 0);
}

function milliseconds(ms: number): string {
  return ms < 10_000 ? `${ms.toFixed(0)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(0)} MB`;
}
