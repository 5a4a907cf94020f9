/** The figures as tables, explained in docs/benchmark.md. */

import { sum } from 'simple-statistics';
import { lengthOf, workOf } from '../../load/client/lengths';
import type { Results } from '../runner/definition';
import { kilobytes, kinds, latency, seconds } from '../runner/figures';
import { describe } from '../runner/machine';
import type { Outcome } from '../runner/measure';
import { type Column, table } from '../runner/publish';
import { systemsNamed } from '../runner/system';

/** spread in ms. */
type Load = { connections: number; requests: number; spread: number };
/** A system under one load. */
export type Measured = Outcome & Load;
export type Compared = Results<{ CONNECTIONS: number; JOB: number; LIMIT: number }, Measured>;

/** A column of which the best is bold: the least, or the most. */
interface Figure {
  title: string;
  /** null: there is none. */
  value: (its: Measured) => number | null;
  text: (value: number, its: Measured) => string;
  best: (...values: number[]) => number;
}

const least = (title: string, value: Figure['value'], text: Figure['text']): Figure => ({
  ...{ title, value, text, best: Math.min },
});
const wallTime = ({ settings: { LIMIT } }: Compared) =>
  least(
    'wall time',
    (its) => its.wallSeconds,
    (value, { unfinished }) => (unfinished > 0 ? `over ${LIMIT / 1000} s` : seconds(value)),
  );
const addedP99 = least('added p99', (its) => its.addedMs.p99, latency);
const memory = (value: number) => kilobytes(value);
const cpu = (value: number) => seconds(value, 2);

/** All runs. */
export function tables(results: Compared): string {
  const figures = [
    wallTime(results),
    least('added p50', (its) => its.addedMs.p50, latency),
    addedP99,
    least(
      'app calls a job',
      (its) => its.callsPerJob,
      (value) => value.toFixed(1),
    ),
    least('nginx a client', (its) => its.bytesPerHeld, memory),
    least('app a client', (its) => its.appBytesPerHeld, memory),
    least('CPU of nginx', (its) => its.cpuSeconds.nginx, cpu),
    least('CPU of the app', (its) => its.cpuSeconds.app, cpu),
  ];
  const columns: Column<Measured>[] = [['wrong', ({ wrong }) => kinds(wrong)]];
  const sections = runsOf(results.measured).map((run) => tableOf(run, figures, results, columns));
  return `![Right answers a second, and what each system adds to the work](../bench/results/comparison.svg)

${sections.join('\n')}
${describe(results)}.
`;
}

/** The systems that a user would choose from, where lengths of work differ the most, and the largest crowd. */
export function readmeTable(results: Compared): string {
  const runs = runsOf(results.measured);
  const run = runs.findLast((each) => !isCrowd(each, results)) ?? [];
  const crowd = runs.findLast((each) => isCrowd(each, results)) ?? [];
  const inCrowd = (its: Measured) => crowd.find(({ system }) => system === its.system)?.right;
  const figures: Figure[] = [
    ...[wallTime(results), addedP99],
    least('memory a client', (its) => its.bytesPerHeld + its.appBytesPerHeld, memory),
    ...crowd.slice(0, 1).map(({ requests }) => ({
      ...{ title: `right of ${requests} at once`, text: String, best: Math.max },
      value: (its: Measured) => inCrowd(its) ?? null,
    })),
  ];
  const shown = run.filter(({ system }) => systemsNamed([system]).some(({ readme }) => readme));
  const { nginx = '', njs = '' } = results.versions;
  return `${tableOf(shown, figures, results)}
Bold is the best of those that answered everything right. ${describe({ ...results, versions: { nginx, njs } })}.
`;
}

/** What is under the same load. */
export function runsOf(measured: Measured[]): Measured[][] {
  const loadOf = ({ spread, connections }: Measured) => `${spread} ${connections}`;
  const loads = new Set(measured.map(loadOf));
  return [...loads].map((load) => measured.filter((its) => loadOf(its) === load));
}

/** Whether each client makes one call, beyond the published load. */
export const isCrowd = ([first]: Measured[], { settings }: Compared): boolean =>
  first?.connections !== settings.CONNECTIONS;

export const rateOf = ({ right, wallSeconds }: Measured) => right / wallSeconds;

export const wrongOf = ({ wrong }: Outcome) => sum(Object.values(wrong));

/** Whether each request has the right response. */
const isWhole = (its: Measured) => its.unfinished === 0 && wrongOf(its) === 0;

function tableOf(
  run: Measured[],
  figures: Figure[],
  { settings: { JOB } }: Compared,
  others: Column<Measured>[] = [],
): string {
  const columns: Column<Measured>[] = [
    ['', ({ title }) => title],
    ['right', (its) => `${its.right} of ${its.requests}`],
    ...others,
    ...figures.map((figure): Column<Measured> => [figure.title, (its) => cell(figure, its, run)]),
  ];
  const heads = run.slice(0, 1).map((its) => {
    const load = `${its.requests} requests on ${its.connections} connections`;
    const work = workOf({ job: JOB, spread: its.spread });
    return `**${work} of work**, ${load}: ${idealSeconds(its, JOB).toFixed(1)} s at best.\n\n`;
  });
  return heads.join('') + table(columns, run);
}

/** Bold: the best of the systems with all requests right, as one that serves few requests uses few resources. */
function cell({ value, text, best }: Figure, its: Measured, run: Measured[]): string {
  const own = value(its);
  if (own === null) {
    return '–';
  }
  const values = run.filter(isWhole).flatMap((each) => value(each) ?? []);
  const isBest = isWhole(its) && values.length > 1 && text(own, its) === text(best(...values), its);
  return isBest ? `**${text(own, its)}**` : text(own, its);
}

/** Right answers a second if each connection sends its next request at once, and nothing is added to the work. */
export function bestRate(its: Load, { settings: { JOB } }: Compared): number {
  return its.requests / idealSeconds(its, JOB);
}

/** The wall time then. */
export function idealSeconds({ requests, connections, spread }: Load, job: number): number {
  const ends = new Array<number>(connections).fill(0);
  for (let at = 0; at < requests; at++) {
    const first = ends.indexOf(Math.min(...ends));
    ends[first] = (ends[first] ?? 0) + lengthOf(at, job, spread);
  }
  return Math.max(...ends) / 1000;
}
