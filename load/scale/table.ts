/** The results as tables: the whole one of load/results/scale.md, and the short one of docs/scale.md. */

import { describe } from '../rig/machine';
import { markdownTable } from '../rig/markdown';
import { GOALS, type Goal } from './goals';
import { isSame } from './plan';
import type { Results, Run } from './results';

type Column = [title: string, cell: (run: Run) => string];

const NGINX: Column = [
  'nginx and engine',
  ({ nginx, njs, engine }) => `${nginx}, njs ${njs}, ${nameOf(engine)}`,
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
  return `# What held clients cost\n\nBy \`make bench-scale\`; docs/scale.md says how to read it.\n\n${table(results)}\n${GOALS.map((goal) => verdict(goal, results)).join('')}`;
}

/** @returns Markdown: the machine, the table, and what was left out */
export function table(results: Results): string {
  const { machine, limits, leftOut, taken } = results;
  const about = `${describe(taken, machine)}; ${limits.workerProcesses} worker processes, ${limits.openFiles} open files for each process, ${limits.arrivals} clients arrive in a second.`;
  const omitted = leftOut.map((reason) => `\nLeft out: ${reason}.\n`).join('');
  return `${about}\n\n${inMarkdown(WHOLE, results.runs)}${omitted}`;
}

/** @returns Markdown: what a user wants to know first */
export function shortTable(results: Results): string {
  return inMarkdown([NGINX, HELD, SECONDS, MEMORY, CPU, P50, P95], extremes(results));
}

/** The fewest and the most clients of each nginx. */
function extremes({ runs }: Results): Run[] {
  return runs.filter(({ release, engine, held }) => {
    const all = runs.filter((run) => run.release === release && run.engine === engine);
    const numbers = all.map((run) => run.held);
    return [Math.min(...numbers), Math.max(...numbers)].includes(held);
  });
}

/** @returns a line of Markdown: whether a goal was reached, by what was measured */
export function verdict(goal: Goal, { runs }: Results): string {
  const { engine, held, seconds } = goal;
  const name = `- Goal: ${held} clients for ${seconds} s on ${nameOf(engine)}, all right and below ${goal.kilobytes} KB each`;
  const found = runs.filter((run) => run.engine === engine && isSame(run, goal));
  const said = found.map((run) => {
    const isReached = wrong(run) === 0 && kilobytes(run) < goal.kilobytes;
    const seen = `${kilobytes(run).toFixed(0)} KB, ${run.held - wrong(run)} right, nginx ${run.nginx}`;
    return `${isReached ? 'reached' : 'not reached'} (${seen})`;
  });
  return `${name}: ${said.join(', ') || 'not measured'}.\n`;
}

function nameOf(engine: Run['engine']): string {
  return engine === 'qjs' ? 'QuickJS' : "njs's own engine";
}

function inMarkdown(columns: Column[], runs: Run[]): string {
  return markdownTable(
    columns.map(([title]) => title),
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
