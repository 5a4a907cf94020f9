/** `make bench-deploy`: what a deploy in the middle of slow calls costs. */

import { existsSync } from 'node:fs';
import { call } from '../../testkit/clients/client';
import { sleep, until } from '../../testkit/clients/until';
import { treeOf } from '../../testkit/machines/processes';
import { benchmark } from '../runner/definition';
import { kinds, latency, seconds } from '../runner/figures';
import { describe } from '../runner/machine';
import { type Column, table } from '../runner/publish';
import { serve, slowCall } from '../runner/serve';
import { choices, count, duration, type Values } from '../runner/settings';
import { onStage } from '../runner/stage';
import { imagesOf } from '../runner/system';
import { type Way, ways } from './ways';

const PROBE_INTERVAL_MS = 100;
const names = Object.keys(ways);
const waysOf = (systems: string[]) => systems.flatMap((name) => ways[name] ?? []);

const settings = {
  SYSTEMS: choices(names, names.join(), 'that are deployed'),
  CLIENTS: count('100', 'simultaneous slow calls'),
  CALL: duration('45s', 'length of the work of each'),
  AFTER: duration('10s', 'from the calls to the deploy'),
};
type Settings = Values<typeof settings>;

export interface Measured extends ReturnType<typeof deployed> {
  title: string;
  way: string;
  right: number;
  /** Of the slow calls, by kind. */
  lost: Record<string, number>;
  /** From the deploy to the end of the last process that ran before it; null: later than all calls, or no deploy. */
  oldGoneSeconds: number | null;
}

export default benchmark({
  page: 'docs/benchmark.md',
  settings,
  check: ({ CALL, AFTER }) =>
    AFTER >= CALL ? `AFTER=${AFTER} ms: the calls are over then` : undefined,
  images: ({ SYSTEMS }) => imagesOf(waysOf(SYSTEMS).map(({ system }) => system)),
  software: [
    ...['nginx', 'njs', 'lua-nginx', 'nchan', 'uWSGI', 'gevent', 'gunicorn', 'Python', 'Flask'],
    ...['uvicorn', 'Starlette', 'Redis', 'Pushpin'],
  ],
  async *measure(its): AsyncIterable<Measured> {
    for (const way of waysOf(its.SYSTEMS)) {
      console.log(`${way.system.title}, ${way.title}`);
      yield await measureWay(way, its);
    }
  },
  tables: (results) => {
    const { CLIENTS, CALL, AFTER } = results.settings;
    return `${CLIENTS} calls of ${CALL / 1000} s, the deploy ${AFTER / 1000} s after they began.

${table(COLUMNS, results.measured)}
${describe(results)}.
`;
  },
});

const COLUMNS: Column<Measured>[] = [
  ['', ({ title }) => title],
  ['deploy', ({ way }) => way],
  ['lost', ({ lost }) => kinds(lost)],
  [
    'old code answers for',
    ({ way, newCodeSeconds }) => {
      const isOfApp = way !== 'no deploy' && !way.startsWith('nginx');
      return isOfApp && newCodeSeconds === null ? 'no answer' : seconds(newCodeSeconds);
    },
  ],
  [
    'old processes gone',
    ({ way, oldGoneSeconds }) =>
      way !== 'no deploy' && oldGoneSeconds === null ? 'after the calls' : seconds(oldGoneSeconds),
  ],
  ['new calls refused', ({ refused, probes: all }) => `${refused} of ${all}`],
  ['longest new call', ({ longestMs }) => latency(longestMs)],
];

function measureWay(way: Way, { CLIENTS, CALL, AFTER }: Settings): Promise<Measured> {
  return onStage(async (stage) => {
    const serving = await serve(way.system, stage);
    const { port, nginx, named } = serving;
    let isOver = false;
    const probing = probes(port, () => isOver);
    const calls = Promise.all(
      Array.from({ length: CLIENTS }, (_, at) =>
        slowCall(port, `deploy-${at}`, CALL, {}, () => serving.portBehindHop ?? port),
      ),
    );
    await sleep(AFTER);
    // the worker processes: the first process may stay and run new code
    const replaced = way.replaced === 'nginx' ? nginx : way.replaced && named.app;
    const old = replaced ? treeOf(replaced.pid()).slice(1) : [];
    const from = Date.now();
    let oldGoneSeconds: number | null = null;
    const areGone = () => isOver || !old.some((pid) => existsSync(`/proc/${pid}`));
    const gone = until('the old processes are gone', areGone, 300_000).then(() => {
      oldGoneSeconds = isOver || old.length === 0 ? null : (Date.now() - from) / 1000;
    });
    const deploy = way.deploy(serving);
    const lost: Record<string, number> = {};
    const wrong = (await calls).filter((end) => end !== 'right');
    for (const end of wrong) {
      lost[end] = (lost[end] ?? 0) + 1;
    }
    await deploy;
    // new code may answer a while after the deploy
    await sleep(Math.min(AFTER, 5000));
    isOver = true;
    await gone;
    return {
      ...{ title: way.system.title, way: way.title, right: CLIENTS - wrong.length, lost },
      ...{ oldGoneSeconds, ...deployed(await probing, from) },
    };
  });
}

/** A call beside the slow ones, which says whose code answers. */
export interface Probe {
  /** ms since the epoch. */
  started: number;
  ms: number;
  /** Of the code; undefined: refused, by a status other than 200 or without an answer. */
  version?: string | undefined;
}

/** Probes until `isOver`, whatever the answers take, and then for their answers. */
export async function probes(port: number, isOver: () => boolean): Promise<Probe[]> {
  const all: Promise<Probe>[] = [];
  while (!isOver()) {
    all.push(probe(port));
    await sleep(PROBE_INTERVAL_MS);
  }
  return Promise.all(all);
}

async function probe(port: number): Promise<Probe> {
  const started = Date.now();
  const answer = await call(port, '/version').catch(() => undefined);
  const version = answer?.status === 200 ? answer.body.trim() : undefined;
  return { started, ms: Date.now() - started, version };
}

/**
 * @param from ms since the epoch, when the deploy began
 * @returns figures of the probes since then; newCodeSeconds: until the last one that old code answered, null if none was
 *   answered by new code
 */
export function deployed(all: Probe[], from: number) {
  const since = all.filter(({ started }) => started >= from);
  const old = since.filter(({ version }) => version === '1');
  const last = Math.max(from, ...old.map(({ started, ms }) => started + ms));
  return {
    newCodeSeconds: since.some(({ version }) => version === '2') ? (last - from) / 1000 : null,
    probes: since.length,
    refused: since.filter(({ version }) => version === undefined).length,
    longestMs: Math.max(0, ...since.map(({ ms }) => ms)),
  };
}
