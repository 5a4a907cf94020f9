/** `make bench-scale`: memory and CPU of nginx for held clients, and their added latency. */

import { sum } from 'simple-statistics';
import type { Release } from '../../testkit/nginx';
import { RELEASES } from '../../testkit/releases.js';
import { benchmark } from '../runner/definition';
import { describe, engineName, findReleases, releaseName } from '../runner/machine';
import { table } from '../runner/publish';
import * as setting from '../runner/settings';
import * as levels from './levels';
import { GOALS, type Goal, isSame, type Level, type Limits, plan, skipReason } from './levels';
import { type Measured, measureLevel, TooLarge } from './measure';

/** The default engine of each release: njs on Debian stable, QuickJS on testing. */
const ENGINE_OF: Record<string, Release['engine']> = { trixie: 'njs', forky: 'qjs' };

export interface Run extends Release, Level {
  measured: Measured;
}

export interface Scale {
  limits: Limits;
  /** Skipped levels, with the reason. */
  leftOut: string[];
  runs: Run[];
}

export default benchmark({
  target: 'bench-scale',
  about: 'memory and CPU of nginx for held clients',
  page: 'docs/scale.md',
  heading: 'What held clients cost',
  file: 'scale',
  settings: {
    HELD: setting.optionalCounts(
      'clients held at the same time, a list (with SECONDS unset: a plan of 7)',
    ),
    SECONDS: setting.optionalCounts('length of their jobs, a list (as HELD)'),
    OFFLOAD_MATRIX: setting.optionalChoices(
      RELEASES,
      `of ${RELEASES} (njs on trixie, QuickJS on forky)`,
    ),
    ENGINE: setting.optionalChoice(setting.ENGINES, 'njs or qjs (each that a release has)'),
    RATE: setting.count('2000', 'new clients per second'),
    WORKERS: setting.count('2', 'worker processes of nginx'),
  },
  images: ({ OFFLOAD_MATRIX }) =>
    (OFFLOAD_MATRIX ?? Object.keys(ENGINE_OF)).map((release) => `nginx:${release}`),
  // of each run
  software: [],
  async *measure({ HELD, SECONDS, OFFLOAD_MATRIX, ENGINE, RATE, WORKERS }) {
    const limits = {
      openFiles: levels.openFiles(),
      ports: levels.ports(),
      workerProcesses: WORKERS,
      arrivals: RATE,
    };
    const planned = findReleases(OFFLOAD_MATRIX ?? Object.keys(ENGINE_OF), ENGINE)
      .filter(({ release, engine }) => OFFLOAD_MATRIX || ENGINE_OF[release] === engine)
      .flatMap((release) =>
        plan(release.engine, HELD, SECONDS).map((level) => ({ release, level })),
      );
    const runnable = planned.filter(({ level }) => skipReason(level, limits) === undefined);
    const chosen = runnable.map(({ level }) => level);
    console.log(
      `Load levels: ${runnable.length}, at most ${levels.durationText(levels.estimate(chosen, RATE))} in total; at most ${levels.maxHeld(limits)} held clients`,
    );
    const scale: Scale = { limits, leftOut: [], runs: [] };
    const skip = (reason: string) => {
      console.log(`Skipped: ${reason}`);
      scale.leftOut.push(reason);
    };
    new Set(planned.flatMap(({ level }) => skipReason(level, limits) ?? [])).forEach(skip);
    if (runnable.length === 0) {
      throw new setting.SettingError('all load levels are skipped');
    }
    const started = Date.now();
    for (const { release, level } of runnable) {
      const name = `${release.engine} on nginx ${release.nginx}, ${level.held} for ${level.seconds} s`;
      try {
        const measured = await measureLevel(release, level, limits, name);
        scale.runs.push({ ...release, ...level, measured });
      } catch (error) {
        if (!((error as Error).cause instanceof TooLarge)) {
          throw error;
        }
        skip(`${name}: ${((error as Error).cause as Error).message}`);
      }
      yield scale;
    }
    console.log(`Took ${levels.durationText((Date.now() - started) / 1000)}`);
  },
  isWrong: ({ runs }) => runs.some((run) => wrong(run) > 0),
  tables: (results) => {
    const { limits, leftOut, runs } = results.measured;
    const { workerProcesses, openFiles: most, arrivals } = limits;
    const skipped = leftOut.map((reason) => `\nSkipped: ${reason}.\n`).join('');
    const goals = GOALS.map((goal) => verdict(goal, runs)).join('');
    return `${describe(results)}; ${workerProcesses} worker processes, at most ${most} open files for each process, ${arrivals} new clients per second.

${inMarkdown(COLUMNS, runs)}${skipped}
${goals}`;
  },
  places: ({ measured }) => [
    { page: 'docs/scale.md', mark: 'make bench-scale', text: shortTable(measured.runs) },
  ],
});

type Column = [title: string, cell: (run: Run) => string];

const COLUMNS: Column[] = [
  ['nginx and engine', releaseName],
  ['held', ({ measured }) => String(measured.held)],
  ['for', ({ seconds }) => `${seconds} s`],
  ['memory', (run) => `${kilobytes(run).toFixed(0)} KB`],
  ['CPU for 1 s', (run) => `${cpuMillis(run).toFixed(2)} ms`],
  ['CPU in total', ({ measured }) => `${measured.nginxCpuSeconds.toFixed(1)} s`],
  ['polls', (run) => (run.measured.polls / run.held).toFixed(1)],
  ['polls/s', ({ measured }) => (measured.polls / measured.wallSeconds).toFixed(0)],
  ['late p50', ({ measured }) => milliseconds(measured.late.p50)],
  ['late p95', ({ measured }) => milliseconds(measured.late.p95)],
  ['late max', ({ measured }) => milliseconds(measured.late.max)],
  ['right', (run) => `${run.held - wrong(run)} of ${run.held}`],
  ['at rest', ({ measured }) => megabytes(measured.memory.atRest)],
  ['after', ({ measured }) => megabytes(measured.memory.after)],
  ['open files', ({ measured }) => String(measured.openFiles)],
  ['app', ({ measured }) => `${measured.appCpuSeconds.toFixed(1)} s`],
  ['clients', ({ measured }) => `${measured.cpuSeconds.toFixed(1)} s`],
  ['clients late', ({ measured }) => milliseconds(measured.delayP99)],
];
/** Titles of those in docs/scale.md. */
const SHORT = ['nginx and engine', 'held', 'for', 'memory', 'CPU for 1 s', 'late p50', 'late p95'];

/** The runs with the fewest and with the most clients, for each nginx and engine. */
function shortTable(runs: Run[]): string {
  const extremes = runs.filter(({ release, engine, held }) => {
    const all = runs.filter((run) => run.release === release && run.engine === engine);
    const numbers = all.map((run) => run.held);
    return [Math.min(...numbers), Math.max(...numbers)].includes(held);
  });
  return inMarkdown(
    COLUMNS.filter(([title]) => SHORT.includes(title)),
    extremes,
  );
}

/** @returns a line of Markdown: whether the goal was reached */
export function verdict(goal: Goal, runs: Run[]): string {
  const { engine, held, seconds } = goal;
  const name = `- Goal: ${held} clients for ${seconds} s on ${engineName(engine)}, all responses right, less than ${goal.kilobytes} KB each`;
  const found = runs.filter((run) => run.engine === engine && isSame(run, goal));
  const verdicts = found.map((run) => {
    const isReached = wrong(run) === 0 && kilobytes(run) < goal.kilobytes;
    const figures = `${kilobytes(run).toFixed(0)} KB, ${run.held - wrong(run)} right, nginx ${run.nginx}`;
    return `${isReached ? 'reached' : 'not reached'} (${figures})`;
  });
  return `${name}: ${verdicts.join(', ') || 'not measured'}.\n`;
}

function inMarkdown(columns: Column[], runs: Run[]): string {
  return table(
    columns.map(([title]) => title),
    runs.map((run) => columns.map(([, cell]) => cell(run))),
  );
}

/** Growth of memory at the peak, for each held client. */
export function kilobytes({ measured }: Run): number {
  return (measured.memory.peak - measured.memory.atRest) / measured.held / 1024;
}

/** CPU time of nginx for each second that a client is held. */
function cpuMillis({ measured }: Run): number {
  return (measured.nginxCpuSeconds * 1000) / measured.heldSeconds;
}

function wrong({ measured }: Run): number {
  return sum(Object.values(measured.wrong));
}

function milliseconds(ms: number): string {
  return ms < 10_000 ? `${ms.toFixed(0)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(0)} MB`;
}
