/** `make bench`: each system of peers/ under the published load, one after the other. */

import { lengthOf } from '../../load/client/lengths.js';
import { benchmark } from '../runner/definition';
import { type Load, measure, type Outcome } from '../runner/measure';
import {
  choices,
  count,
  countOr0,
  countsOr0,
  duration,
  durations,
  type Values,
} from '../runner/settings';
import { imagesOf } from '../runner/system';
import { chosen, peers } from './peers';
import { plot } from './plot';
import { othersDoBetter, pages, shortTables, smallTable, wrongOf } from './tables';

/** The published load, also with varying lengths: a constant one favours intervals that divide it. */
const settings = {
  SYSTEMS: choices(
    peers.map(({ name }) => name),
    peers.map(({ name }) => name).join(),
    'folders of bench/comparison/peers',
  ),
  CONNECTIONS: count('200', 'simultaneous clients'),
  REQUESTS: count('2000', 'of all clients together'),
  JOB: duration('10s', 'length of the work of a request'),
  SPREAD: durations('0s,2s', 'deviation from it, a list; a run of all systems for each'),
  CROWDS: countsOr0(
    '1000,5000',
    'a further run of all systems for each: so many clients, a call each',
  ),
  LIMIT: duration('240s', 'time limit of one system in one run'),
  EARLIER: countOr0('100', 'jobs of each system before those that are measured; 0: a cold start'),
};
export type Settings = Values<typeof settings>;

/** The outcomes of all systems under the same load. */
export interface Run {
  spreadMs: number;
  /** Of CROWDS: clients that make a call each. */
  crowd?: number;
  /** The shortest possible duration with this number of connections. */
  idealSeconds: number;
  outcomes: Outcome[];
}

export default benchmark({
  target: 'bench',
  about: 'compares this project with other systems',
  page: 'docs/benchmark.md',
  heading: 'This project and its peers',
  file: 'latest',
  tablesFile: 'table',
  settings,
  check: ({ CONNECTIONS, REQUESTS, JOB, SPREAD, LIMIT }) => {
    if (REQUESTS < CONNECTIONS) {
      return `REQUESTS=${REQUESTS}: fewer than CONNECTIONS`;
    }
    if (JOB < Math.max(1, ...SPREAD)) {
      return `JOB=${JOB} ms: less than 1 ms, or than SPREAD`;
    }
    return LIMIT < 1 ? `LIMIT=${LIMIT} ms: less than 1 ms` : undefined;
  },
  images: ({ SYSTEMS }) => imagesOf(chosen(SYSTEMS)),
  software: [
    ...['nginx', 'njs', 'lua-nginx', 'nchan', 'uWSGI', 'gevent', 'Python', 'Flask'],
    ...['uvicorn', 'Starlette', 'Redis', 'redis-py', 'Pushpin'],
  ],
  usesK6: true,
  async *measure(its) {
    const runs: Run[] = [];
    for (const { crowd, load } of planOf(its)) {
      const { CONNECTIONS, REQUESTS, JOB, SPREAD } = load;
      const lengths = Array.from({ length: REQUESTS }, (_, at) => lengthOf(at, JOB, SPREAD));
      const run: Run = {
        spreadMs: SPREAD,
        ...(crowd === undefined ? {} : { crowd }),
        idealSeconds: idealSeconds(lengths, CONNECTIONS),
        outcomes: [],
      };
      runs.push(run);
      console.log(
        `\n${CONNECTIONS} connections, ${REQUESTS} requests of ${JOB} ± ${SPREAD} ms: ${run.idealSeconds.toFixed(1)} s at best`,
      );
      for (const system of chosen(its.SYSTEMS)) {
        const outcome = await measure(system, load);
        run.outcomes.push(outcome);
        console.log(
          `${system.name}: ${outcome.right + wrongOf(outcome)} of ${REQUESTS} answered, ${wrongOf(outcome)} of them wrong, in ${outcome.wallSeconds.toFixed(2)} s`,
        );
        yield runs;
      }
    }
  },
  tables: pages,
  places: (results) => [
    {
      page: 'README.md',
      mark: 'make bench',
      text: `${smallTable(results)}
${othersDoBetter(results.measured)}; [bench/results/table.md](bench/results/table.md) has all figures.`,
    },
    {
      page: 'docs/benchmark.md',
      mark: 'make bench',
      text: `![Right answers a second, and what each system adds to the work](../bench/results/table.svg)

${shortTables(results)}
[bench/results/table.md](../bench/results/table.md) has all columns, and where other systems do better.`,
    },
  ],
  pictures: async (results) => ({ 'table.svg': await plot(results) }),
});

/** A run for each SPREAD, then one for each of CROWDS. */
function planOf(its: Settings): { crowd?: number; load: Load }[] {
  const widest = { ...its, SPREAD: Math.max(...its.SPREAD) };
  return [
    ...its.SPREAD.map((SPREAD) => ({ load: { ...its, SPREAD } })),
    ...its.CROWDS.filter((crowd) => crowd > 0).map((crowd) => ({
      ...{ crowd, load: { ...widest, CONNECTIONS: crowd, REQUESTS: crowd } },
    })),
  ];
}

/**
 * @param lengths ms of work of each request, in order
 * @returns seconds until the last response, if each connection sends its next request immediately
 * after a response, and a response takes only as long as the work
 */
export function idealSeconds(lengths: number[], connections: number): number {
  const ends = new Array<number>(connections).fill(0);
  for (const length of lengths) {
    const first = ends.indexOf(Math.min(...ends));
    ends[first] = (ends[first] ?? 0) + length;
  }
  return Math.max(...ends) / 1000;
}
