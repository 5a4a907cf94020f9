/** `make bench-farm`: a farm of single-process backends, compared with a pool and with round robin. */

import { cpus } from 'node:os';
import { median } from 'simple-statistics';
import { RELEASES } from '../../testkit/machines/releases.js';
import { benchmark } from '../runner/definition';
import { change } from '../runner/figures';
import { type OpenFigures, runOpen } from '../runner/k6';
import { describe } from '../runner/machine';
import { table } from '../runner/publish';
import { choice, count, type Values } from '../runner/settings';
import { onStage } from '../runner/stage';
import { APP_IMAGE, computing, type System, serve, waiting } from './systems';

const ROUND_SECONDS = 5;
/** The published change of p99 from round robin to least outstanding requests. */
const PUBLISHED_P99 = -0.19;

const settings = {
  PROCESSES: count('8', 'of each system, for blocking work'),
  FAST: count('5', 'ms of work of a fast request'),
  SLOW: count('500', 'ms of work of a slow request'),
  SLOW_PERCENT: count('10', 'percentage of slow requests'),
  LOAD: count('60', 'percent of the capacity of the processes'),
  SECONDS: count('90', 'duration, for all systems at the same time'),
  CPU_PROCESSES: count('4', 'of each system, for CPU-bound work'),
  THREADS: count('10', 'of each process of the pool with threads'),
  CPU_MS: count('10', 'CPU time of a request in ms'),
  CPU_LOAD: count('40', "percent of the capacity of the machine's cores"),
  CPU_SECONDS: count('40', `duration for each system, in rounds of ${ROUND_SECONDS} s`),
  OFFLOAD_MATRIX: choice(RELEASES, 'trixie', `one of ${RELEASES}`),
};
type Settings = Values<typeof settings>;

/** ms; spread: the standard deviation. */
const FIGURES = ['mean', 'spread', 'p50', 'p95', 'p99'] as const;
export type Figures = Record<(typeof FIGURES)[number], number>;

export interface Measured {
  /** Requests per second to each system. */
  perSecond: { waiting: number; computing: number };
  waiting: { title: string; all: Figures; fast: Figures; slow: Figures }[];
  computing: { title: string; all: Figures }[];
}

export default benchmark({
  target: 'bench-farm',
  about: 'a farm of single-process backends compared with a pool',
  page: 'docs/farm.md',
  heading: 'A farm of single-process backends',
  file: 'farm',
  settings,
  images: ({ OFFLOAD_MATRIX }) => [`nginx:${OFFLOAD_MATRIX}`, APP_IMAGE],
  software: ['nginx', 'uWSGI', 'Python', 'Flask'],
  usesK6: true,
  async *measure(its) {
    const perSecond = {
      waiting: (its.PROCESSES * 10 * its.LOAD) / meanWork(its),
      computing: (cpus().length * 10 * its.CPU_LOAD) / its.CPU_MS,
    };
    console.log(`Work that blocks: ${its.SECONDS} s, all systems at the same time`);
    const waited = await measureWaiting(its, perSecond.waiting);
    yield { perSecond, waiting: waited, computing: [] };
    console.log(`Work that uses the CPU: ${3 * its.CPU_SECONDS} s and more`);
    const computed = await measureComputing(its, perSecond.computing);
    yield { perSecond, waiting: waited, computing: computed };
  },
  tables: (results) => {
    const { FAST, SLOW, SLOW_PERCENT, PROCESSES, LOAD, SECONDS, CPU_MS, CPU_LOAD } =
      results.settings;
    const { perSecond, waiting: waited, computing: computed } = results.measured;
    return `**Blocking work**: ${FAST} ms, and ${SLOW} ms for ${SLOW_PERCENT} % of the requests; ${PROCESSES} processes at ${LOAD} % load; ${perSecond.waiting.toFixed(0)} requests per second to each system for ${SECONDS} s, all systems at the same time. Response times in ms.

${table(
  ['', 'mean', 'p95', 'p99', 'fast: mean', 'fast: p95', 'fast: p99', 'slow: mean', 'slow: p99'],
  waited.map(({ title, all, fast, slow }) => [
    title,
    ...[all.mean, all.p95, all.p99, fast.mean, fast.p95, fast.p99, slow.mean, slow.p99].map(shown),
  ]),
)}
${waitingVerdict(results.measured)}

**CPU-bound work**: ${CPU_MS} ms of CPU time, ${perSecond.computing.toFixed(0)} requests per second, ${CPU_LOAD} % of ${results.machine.cores} cores; medians of several rounds, in which the systems are measured one after the other.

${table(
  ['', 'mean', 'standard deviation', 'p50', 'p95', 'p99'],
  computed.map(({ title, all }) => [title, ...FIGURES.map((name) => shown(all[name]))]),
)}
${computingVerdict(results.measured)}

${describe(results)}.
`;
  },
});

/** Mean work of a request, ms. */
export function meanWork({ FAST, SLOW, SLOW_PERCENT }: Settings): number {
  return FAST + ((SLOW - FAST) * SLOW_PERCENT) / 100;
}

/**
 * Blocking work uses little CPU, so all systems are measured at the same time: other work on the machine
 * affects them equally.
 */
function measureWaiting(its: Settings, rate: number): Promise<Measured['waiting']> {
  const systems = waiting(its.PROCESSES);
  return onStage(async (stage) => {
    const figures = await send(await serve(systems, its.OFFLOAD_MATRIX, stage), {
      ...{ kind: 'wait', fast: its.FAST, slow: its.SLOW, slowPercent: its.SLOW_PERCENT },
      jitter: 2,
      // each system starts 333 ms after the one before, so that bursts do not coincide
      runs: systems.map(({ name }, i) => ({
        ...{ system: name, round: 1, rate, seconds: its.SECONDS, start: i / 3 },
      })),
    });
    return systems.map((system) => ({
      title: system.title,
      all: figuresOf(figures, system, 1),
      fast: figuresOf(figures, system, 1, ',work:fast'),
      slow: figuresOf(figures, system, 1, ',work:slow'),
    }));
  });
}

/** CPU-bound work: short rounds, in each of which the systems are measured one after the other. */
function measureComputing(its: Settings, rate: number): Promise<Measured['computing']> {
  const systems = computing(its.CPU_PROCESSES, its.THREADS);
  const rounds = Array.from(
    { length: Math.ceil(its.CPU_SECONDS / ROUND_SECONDS) },
    (_, at) => at + 1,
  );
  const seconds = Math.min(ROUND_SECONDS, its.CPU_SECONDS);
  const jitter = 0.5;
  const order = rounds.flatMap((round) => systems.map(({ name }) => ({ system: name, round })));
  return onStage(async (stage) => {
    const figures = await send(await serve(systems, its.OFFLOAD_MATRIX, stage), {
      ...{ kind: 'cpu', fast: its.CPU_MS, slow: its.CPU_MS, slowPercent: 0, jitter },
      runs: order.map((each, at) => ({
        ...each,
        ...{ rate, seconds, start: at * (seconds + 3 * jitter) },
      })),
    });
    return systems.map((system) => ({
      title: system.title,
      all: medianFigures(rounds.map((round) => figuresOf(figures, system, round))),
    }));
  });
}

async function send(port: number, load: object): Promise<OpenFigures> {
  const url = `http://127.0.0.1:${port}`;
  const figures = await runOpen('bench/farm/requests.js', { ...load, url });
  const [failed, dropped] = [figures.count('failed'), figures.count('dropped_iterations')];
  // on a busy machine k6 may have no client free
  if (failed > 0 || dropped > figures.count('iterations') / 100) {
    throw new Error(`${failed} requests failed, ${dropped} were not sent`);
  }
  return figures;
}

function figuresOf(figures: OpenFigures, { name }: System, round: number, more = ''): Figures {
  const part = `{system:${name},round:${round}${more}}`;
  const { mean, p50, p95, p99 } = figures.times(`took${part}`);
  const square = figures.mean(`squares{system:${name},round:${round}}`);
  const of = (value: number | null) => value ?? Number.NaN;
  return {
    mean: of(mean),
    spread: Math.sqrt(square - of(mean) ** 2),
    ...{ p50: of(p50), p95: of(p95), p99: of(p99) },
  };
}

/** The median of each figure over several rounds, so that a disturbed round has no effect. */
export function medianFigures(rounds: Figures[]): Figures {
  const entries = FIGURES.map((name) => [name, median(rounds.map((figures) => figures[name]))]);
  return Object.fromEntries(entries);
}

function waitingVerdict({ waiting: [roundRobin, least, shared, pool] }: Measured): string {
  if (!roundRobin || !least || !shared || !pool) {
    return '';
  }
  return `least_conn compared with round robin: p99 ${changed(roundRobin.all, least.all, 'p99')} (published: ${change(PUBLISHED_P99)}), mean ${changed(roundRobin.all, least.all, 'mean')}; fast requests: p95 ${changed(roundRobin.fast, least.fast, 'p95')}, p99 ${changed(roundRobin.fast, least.fast, 'p99')}. The pool compared with least_conn: p99 ${changed(least.all, pool.all, 'p99')}, mean ${changed(least.all, pool.all, 'mean')}; the farm with one socket compared with the pool: p99 ${changed(pool.all, shared.all, 'p99')}, mean ${changed(pool.all, shared.all, 'mean')}.`;
}

function computingVerdict({ computing: [threads, single] }: Measured): string {
  if (!threads || !single) {
    return '';
  }
  const of = (name: keyof Figures) => changed(threads.all, single.all, name);
  return `The farm compared with the pool with threads: mean ${of('mean')} (published: from 40 ms to 20 ms and less variance, ${change(-0.5)}), standard deviation ${of('spread')}, p99 ${of('p99')}.`;
}

function changed(from: Figures, to: Figures, of: keyof Figures): string {
  return change(to[of] / from[of] - 1);
}

function shown(ms: number): string {
  return ms.toFixed(ms >= 100 ? 0 : 1);
}
