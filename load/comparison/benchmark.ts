/** `make bench`: each system of peers/ under the published load, one after the other. */

import { sum } from 'simple-statistics';
import { cpuSecondsOf, memoryWithShared, treeOf } from '../../testkit/processes';
import { lengthOf } from '../client/lengths.js';
import { benchmark } from '../runner/definition';
import { type Published, runK6 } from '../runner/k6';
import { progress } from '../runner/progress';
import {
  choices,
  count,
  countOr0,
  countsOr0,
  duration,
  durations,
  type Values,
} from '../runner/settings';
import { onStage } from '../runner/stage';
import { appImage, type Peer, peers } from './peers';
import { plot } from './plot';
import { type Serving, serve } from './serve';
import { othersDoBetter, pages, shortTables, smallTable, wrongOf } from './tables';

/** The published load, also with varying lengths: a constant one favours intervals that divide it. */
const settings = {
  SYSTEMS: choices(
    peers.map(({ name }) => name),
    peers.map(({ name }) => name).join(),
    'folders of load/comparison/peers',
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

export interface Outcome
  extends Pick<Published, 'right' | 'wrong' | 'unfinished' | 'wallSeconds' | 'addedMs'> {
  system: string;
  title: string;
  /** Requests to the app per slow call. */
  callsPerJob: number;
  /** Growth of nginx's memory at the peak, per connection. */
  bytesPerHeld: number;
  /** The same of all other processes; results of older versions lack it. */
  appBytesPerHeld?: number;
  cpuSeconds: Usage;
}

/** Longer than nginx's timeout of 60 s, so that clients get its 504. */
const CLIENT_TIMEOUT = '90s';
/** k6's exit codes for a complete run, and for one interrupted at the limit. */
const VALID_EXIT_CODES = [0, 105];
const MEMORY_INTERVAL_MS = 200;

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
  images: ({ SYSTEMS }) => chosen(SYSTEMS).flatMap((peer) => [appImage(peer), peer.nginx]),
  software: [
    ...['nginx', 'njs', 'lua-nginx', 'nchan', 'uWSGI', 'gevent', 'Python', 'Flask'],
    ...['uvicorn', 'Starlette', 'Redis', 'redis-py', 'Pushpin'],
  ],
  usesK6: true,
  async *measure(its) {
    const runs: Run[] = [];
    for (const { load, ...planned } of planOf(its)) {
      const lengths = Array.from({ length: load.REQUESTS }, (_, at) =>
        lengthOf(at, its.JOB, planned.spreadMs),
      );
      const run: Run = {
        ...planned,
        idealSeconds: idealSeconds(lengths, load.CONNECTIONS),
        outcomes: [],
      };
      runs.push(run);
      console.log(
        `\n${load.CONNECTIONS} connections, ${load.REQUESTS} requests of ${its.JOB} ± ${run.spreadMs} ms: ${run.idealSeconds.toFixed(1)} s at best`,
      );
      for (const peer of chosen(its.SYSTEMS)) {
        const outcome = await measurePeer(peer, load, run.spreadMs);
        run.outcomes.push(outcome);
        console.log(
          `${peer.name}: ${outcome.right + wrongOf(outcome)} of ${load.REQUESTS} answered, ${wrongOf(outcome)} of them wrong, in ${outcome.wallSeconds.toFixed(2)} s`,
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
${othersDoBetter(results.measured)}; [load/results/table.md](load/results/table.md) has all figures.`,
    },
    {
      page: 'docs/benchmark.md',
      mark: 'make bench',
      text: `![Right answers a second, and what each system adds to the work](../load/results/table.svg)

${shortTables(results)}
[load/results/table.md](../load/results/table.md) has all columns, and where other systems do better.`,
    },
  ],
  pictures: async (results) => ({ 'table.svg': await plot(results) }),
});

/** A run for each SPREAD, then one for each of CROWDS. */
function planOf(its: Settings): { spreadMs: number; crowd?: number; load: Settings }[] {
  const widest = Math.max(...its.SPREAD);
  return [
    ...its.SPREAD.map((spreadMs) => ({ spreadMs, load: its })),
    ...its.CROWDS.filter((crowd) => crowd > 0).map((crowd) => ({
      ...{ spreadMs: widest, crowd },
      load: { ...its, CONNECTIONS: crowd, REQUESTS: crowd },
    })),
  ];
}

function chosen(names: string[]): Peer[] {
  return names.flatMap((name) => peers.filter((peer) => peer.name === name));
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

function measurePeer(peer: Peer, its: Settings, spreadMs: number): Promise<Outcome> {
  return onStage(async (stage) => {
    const serving = await serve(peer, stage);
    // before the earlier jobs, whose memory is kept for the next
    const processes = {
      nginx: serving.nginx.childPids(),
      app: Object.values(serving.named).map((container) => container.pid()),
    };
    const before = memoryOf(processes);
    if (its.EARLIER > 0) {
      // what a system learns from earlier jobs, it knows on all days but the first
      const CONNECTIONS = Math.min(its.EARLIER, its.CONNECTIONS);
      await load(peer, serving, { ...its, CONNECTIONS, REQUESTS: its.EARLIER }, spreadMs);
    }
    const started = { counts: await serving.counts(), cpu: cpuOf(serving) };
    const peak = { ...before };
    const sampling = setInterval(() => {
      const memory = memoryOf(processes, peak);
      peak.nginx = Math.max(peak.nginx, memory.nginx);
      peak.app = Math.max(peak.app, memory.app);
    }, MEMORY_INTERVAL_MS);
    const figures = await load(peer, serving, its, spreadMs).finally(() => clearInterval(sampling));
    const cpu = cpuOf(serving);
    const counts = await serving.counts();
    const { right, wrong, unfinished, wallSeconds, addedMs } = figures;
    return {
      ...{ system: peer.name, title: peer.title, wallSeconds, right, wrong, unfinished, addedMs },
      callsPerJob: (counts.calls - started.counts.calls) / (counts.jobs - started.counts.jobs),
      bytesPerHeld: (peak.nginx - before.nginx) / its.CONNECTIONS,
      appBytesPerHeld: (peak.app - before.app) / its.CONNECTIONS,
      cpuSeconds: { nginx: cpu.nginx - started.cpu.nginx, app: cpu.app - started.cpu.app },
    };
  });
}

/** load/published.js, with a time limit. */
async function load(
  peer: Peer,
  { port }: Serving,
  its: Settings,
  spreadMs: number,
): Promise<Published> {
  const { exitCode, figures, output } = await runK6('load/published.js', {
    env: {
      URL: `http://127.0.0.1:${port}/work?job={id}&length={length}`,
      CONNECTIONS: String(its.CONNECTIONS),
      REQUESTS: String(its.REQUESTS),
      JOB: `${its.JOB}ms`,
      SPREAD: `${spreadMs}ms`,
      TIMEOUT: CLIENT_TIMEOUT,
      // wrong responses are counted, not a failure
      RIGHT: '0%',
    },
    limitMs: its.LIMIT,
    onOutput: (text) => {
      const [, complete] = /, (\d+) complete and/.exec(text) ?? [];
      if (complete !== undefined) {
        progress(`${peer.name}: ${complete} of ${its.REQUESTS} answered`);
      }
    },
  });
  if (!VALID_EXIT_CODES.includes(exitCode)) {
    throw new Error(`k6 exited with ${exitCode}:\n${output}`);
  }
  return figures;
}

interface Usage {
  nginx: number;
  app: number;
}

function cpuOf({ nginx, named }: Serving): Usage {
  return {
    nginx: cpuSecondsOf(nginx.pid()),
    app: sum(Object.values(named).map((container) => cpuSecondsOf(container.pid()))),
  };
}

/**
 * Bytes of nginx's worker processes, and of the app's processes with all their descendants.
 *
 * @param last returned if a process ends meanwhile, such as one that Redis forks
 */
function memoryOf(pids: { nginx: number[]; app: number[] }, last?: Usage): Usage {
  try {
    return {
      nginx: memoryWithShared(pids.nginx),
      app: sum(pids.app.map((root) => memoryWithShared(treeOf(root)))),
    };
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (last !== undefined && ['ENOENT', 'ESRCH'].includes(code)) {
      return last;
    }
    throw error;
  }
}
