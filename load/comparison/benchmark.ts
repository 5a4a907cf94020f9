/** `make bench`: each system of peers/ under the published load, one after the other. */

import { cpuSecondsOf, memoryWithShared } from '../../testkit/processes';
import { lengthOf } from '../client/lengths.js';
import { benchmark } from '../runner/definition';
import { type Published, runK6 } from '../runner/k6';
import { progress } from '../runner/progress';
import { choices, count, countOr0, duration, durations, type Values } from '../runner/settings';
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
  LIMIT: duration('240s', 'time limit of one system in one run'),
  EARLIER: countOr0('100', 'jobs of each system before those that are measured; 0: a cold start'),
};
export type Settings = Values<typeof settings>;

/** The outcomes of all systems under the same load. */
export interface Run {
  spreadMs: number;
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
  cpuSeconds: { nginx: number; app: number };
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
  software: ['nginx', 'njs', 'lua-nginx', 'nchan', 'uWSGI', 'gevent', 'Python', 'Flask'],
  usesK6: true,
  async *measure(its) {
    const runs: Run[] = [];
    for (const spreadMs of its.SPREAD) {
      const lengths = Array.from({ length: its.REQUESTS }, (_, at) =>
        lengthOf(at, its.JOB, spreadMs),
      );
      const run = { spreadMs, idealSeconds: idealSeconds(lengths, its.CONNECTIONS), outcomes: [] };
      runs.push(run);
      console.log(
        `\n${its.CONNECTIONS} connections, ${its.REQUESTS} requests of ${its.JOB} ± ${spreadMs} ms: ${run.idealSeconds.toFixed(1)} s at best`,
      );
      for (const peer of chosen(its.SYSTEMS)) {
        const outcome = await measurePeer(peer, its, spreadMs);
        (run as Run).outcomes.push(outcome);
        console.log(
          `${peer.name}: ${outcome.right + wrongOf(outcome)} of ${its.REQUESTS} answered, ${wrongOf(outcome)} of them wrong, in ${outcome.wallSeconds.toFixed(2)} s`,
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
    if (its.EARLIER > 0) {
      // what a system learns from earlier jobs, it knows on all days but the first
      const CONNECTIONS = Math.min(its.EARLIER, its.CONNECTIONS);
      await load(peer, serving, { ...its, CONNECTIONS, REQUESTS: its.EARLIER }, spreadMs);
    }
    const workers = serving.nginx.childPids();
    const before = { counts: await serving.counts(), cpu: cpuOf(serving) };
    const memoryBefore = memoryWithShared(workers);
    let memory = memoryBefore;
    const sampling = setInterval(() => {
      memory = Math.max(memory, memoryWithShared(workers));
    }, MEMORY_INTERVAL_MS);
    const figures = await load(peer, serving, its, spreadMs).finally(() => clearInterval(sampling));
    const cpu = cpuOf(serving);
    const counts = await serving.counts();
    const { right, wrong, unfinished, wallSeconds, addedMs } = figures;
    return {
      ...{ system: peer.name, title: peer.title, wallSeconds, right, wrong, unfinished, addedMs },
      callsPerJob: (counts.calls - before.counts.calls) / (counts.jobs - before.counts.jobs),
      bytesPerHeld: (memory - memoryBefore) / its.CONNECTIONS,
      cpuSeconds: { nginx: cpu.nginx - before.cpu.nginx, app: cpu.app - before.cpu.app },
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

function cpuOf({ nginx, app }: Serving): { nginx: number; app: number } {
  return {
    nginx: cpuSecondsOf(nginx.pid()),
    app: app.reduce((sum, one) => sum + cpuSecondsOf(one.pid()), 0),
  };
}
