/** `make bench-farm`: a farm of single-process backends, compared with a pool and with round robin. */

import { cpus } from 'node:os';
import { benchmark } from '../runner/definition';
import { change } from '../runner/figures';
import { describe } from '../runner/machine';
import { runOpen } from '../runner/open-load';
import { type Column, table } from '../runner/publish';
import { count } from '../runner/settings';
import { onStage } from '../runner/stage';
import { type Farm, farms, IMAGES, serve } from './farms';

/** ms of work, how many requests of 100 are slow, and seconds by which requests are delayed at random. */
const BLOCKING = { kind: 'wait', fast: 5, slow: 500, slowPercent: 10, jitter: 2 };
const CPU_BOUND = { kind: 'cpu', fast: 10, slow: 10, slowPercent: 0, jitter: 0.5 };
/** Seconds: other work on the machine affects systems that are measured in turns about equally. */
const TURN = 5;
const PARTS = { all: '', fast: ',work:fast', slow: ',work:slow' };

/** ms */
const FIGURES = ['mean', 'p50', 'p95', 'p99'] as const;
type Figures = Record<(typeof FIGURES)[number], number>;

export interface Measured extends Figures {
  work: Farm['work'];
  title: string;
  /** Of which requests. */
  requests: keyof typeof PARTS;
}

export default benchmark({
  page: 'docs/farm.md',
  settings: {
    LOAD: count('60', 'percent of the capacity of the processes, of blocking work'),
    SECONDS: count('90', 'its duration, for all systems at the same time'),
    CPU_LOAD: count('40', "percent of the capacity of the machine's cores, of CPU-bound work"),
    CPU_SECONDS: count('40', `its duration for each system, in turns of ${TURN} s`),
  },
  images: () => IMAGES,
  software: ['nginx', 'uWSGI', 'Python', 'Flask'],
  usesK6: true,
  async *measure(its): AsyncIterable<Measured> {
    const { fast, slow, slowPercent } = BLOCKING;
    const rates = {
      blocking: (8 * 10 * its.LOAD) / (fast + ((slow - fast) * slowPercent) / 100),
      bound: (cpus().length * 10 * its.CPU_LOAD) / CPU_BOUND.fast,
    };
    const [blocking, bound] = [farms.slice(0, 4), farms.slice(4)];
    const turns = Array.from({ length: Math.ceil(its.CPU_SECONDS / TURN) }, () => bound).flat();
    const seconds = Math.min(TURN, its.CPU_SECONDS);
    const runs = [
      ...blocking.map(({ name: system }, at) => ({
        ...{ ...BLOCKING, system, rate: rates.blocking, seconds: its.SECONDS },
        // so that bursts do not coincide
        start: at / 3,
      })),
      ...turns.map(({ name: system }, at) => ({
        ...{ ...CPU_BOUND, system, rate: rates.bound, seconds },
        start: its.SECONDS + 3 * BLOCKING.jitter + at * (seconds + 3 * CPU_BOUND.jitter),
      })),
    ];
    console.log(`${runs.at(-1)?.start} s and more`);
    const { count: counted, times } = await onStage(async (stage) => {
      const url = `http://127.0.0.1:${await serve(stage)}`;
      return runOpen('bench/farm/requests.ts', { url, runs });
    });
    if (counted('failed') > 0) {
      throw new Error(`${counted('failed')} requests failed`);
    }
    for (const [requests, part] of Object.entries(PARTS) as [keyof typeof PARTS, string][]) {
      // work that is bound by the CPU has one length
      for (const { name, title, work } of requests === 'all' ? farms : blocking) {
        const measured = times(`took{system:${name}${part}}`);
        const figures = FIGURES.map((figure) => [figure, measured[figure] ?? Number.NaN]);
        yield { work, title, requests, ...(Object.fromEntries(figures) as Figures) };
      }
    }
  },
  tables: ({ settings: its, measured, ...results }) => {
    const { fast, slow, slowPercent } = BLOCKING;
    const of = (work: Farm['work']) => measured.filter((each) => each.work === work);
    return `**Blocking work**: ${fast} ms, and ${slow} ms for ${slowPercent} % of the requests; 8 processes at ${its.LOAD} % load, all systems at the same time for ${its.SECONDS} s, as it uses little CPU. Response times in ms, and how they differ from those of the first system:

${table(columns(measured), of('blocking'))}
**CPU-bound work**: ${CPU_BOUND.fast} ms of CPU time, at ${its.CPU_LOAD} % of the capacity of ${results.machine.cores} cores; the systems are measured in turns of ${TURN} s.

${table(columns(measured), of('CPU-bound'))}
${describe(results)}.
`;
  },
});

function columns(all: Measured[]): Column<Measured>[] {
  const ms = (value: number) => value.toFixed(value >= 100 ? 0 : 1);
  const differs = (its: Measured, of: keyof Figures) => {
    const first = all.find(({ work, requests }) => work === its.work && requests === its.requests);
    return first === undefined || first === its ? '' : change(its[of] / first[of] - 1);
  };
  return [
    ['', ({ title }) => title],
    ['requests', ({ requests }) => requests],
    ...FIGURES.map((figure): Column<Measured> => [figure, (its) => ms(its[figure])]),
    ['mean differs', (its) => differs(its, 'mean')],
    ['p99 differs', (its) => differs(its, 'p99')],
  ];
}
