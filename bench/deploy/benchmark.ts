/** `make bench-deploy`: what a deploy in the middle of slow calls costs. */

import { existsSync } from 'node:fs';
import { sleep, until } from '../../testkit/clients/until';
import { treeOf } from '../../testkit/machines/processes';
import { benchmark } from '../runner/definition';
import { describe } from '../runner/machine';
import { table } from '../runner/publish';
import { type Serving, serve } from '../runner/serve';
import { choices, count, duration, type Values } from '../runner/settings';
import { onStage } from '../runner/stage';
import { imagesOf } from '../runner/system';
import { type Deployed, deployed, probes, slowCalls } from './clients';
import { type Way, ways } from './ways';

const settings = {
  SYSTEMS: choices(Object.keys(ways), Object.keys(ways).join(), 'that are deployed'),
  CLIENTS: count('100', 'simultaneous slow calls'),
  CALL: duration('45s', 'length of the work of each'),
  AFTER: duration('10s', 'from the calls to the deploy'),
};
type Settings = Values<typeof settings>;

export interface Measured extends Deployed {
  system: string;
  title: string;
  way: string;
  right: number;
  /** Of the slow calls, by kind. */
  lost: Record<string, number>;
  /** From the deploy to the end of the last process that ran before it; null: later than all calls, or no deploy. */
  oldGoneSeconds: number | null;
}

export default benchmark({
  target: 'bench-deploy',
  about: 'what a deploy in the middle of slow calls costs',
  page: 'docs/benchmark.md',
  heading: 'A deploy in the middle of slow calls',
  file: 'deploy',
  settings,
  check: ({ CALL, AFTER }) =>
    AFTER >= CALL ? `AFTER=${AFTER} ms: the calls are over then` : undefined,
  images: ({ SYSTEMS }) =>
    SYSTEMS.flatMap((name) => imagesOf((ways[name] ?? []).map(({ system }) => system))),
  software: [
    ...['nginx', 'njs', 'lua-nginx', 'nchan', 'uWSGI', 'gevent', 'gunicorn', 'Python', 'Flask'],
    ...['uvicorn', 'Starlette', 'Redis', 'Pushpin'],
  ],
  async *measure(its) {
    const all: Measured[] = [];
    for (const name of its.SYSTEMS) {
      for (const way of ways[name] ?? []) {
        console.log(`${name}, ${way.title}`);
        const measured = await measureWay(name, way, its);
        console.log(`  ${JSON.stringify(measured)}`);
        all.push(measured);
        yield all;
      }
    }
  },
  tables: (results) => {
    const { CLIENTS, CALL, AFTER } = results.settings;
    const rows = results.measured.map((its) => rowOf(its, CLIENTS));
    return `${CLIENTS} calls of ${CALL / 1000} s, the deploy ${AFTER / 1000} s after they began.

${table(
  [
    '',
    'deploy',
    'lost',
    'old code answers for',
    'old processes gone',
    'new calls refused',
    'longest new call',
  ],
  rows,
)}
${describe(results)}.
`;
  },
});

function measureWay(system: string, way: Way, its: Settings): Promise<Measured> {
  return onStage(async (stage) => {
    const serving = await serve(way.system, stage);
    let isOver = false;
    const probing = probes(serving.port, () => isOver);
    const calls = slowCalls(serving.port, its.CLIENTS, its.CALL);
    await sleep(its.AFTER);
    const old = way.replaced.flatMap((name) => processesOf(serving, name));
    const from = Date.now();
    let oldGoneSeconds: number | null = null;
    const gone = until(
      'the old processes are gone',
      () => isOver || !old.some(isThere),
      300_000,
    ).then(() => {
      if (!isOver && old.length > 0) {
        oldGoneSeconds = (Date.now() - from) / 1000;
      }
    });
    const deploy = way.deploy(serving);
    const { right = 0, ...lost } = await calls;
    await deploy;
    // new code may answer a while after the deploy
    await sleep(Math.min(its.AFTER, 5000));
    isOver = true;
    await gone;
    return {
      ...{ system, title: way.system.title, way: way.title, right, lost, oldGoneSeconds },
      ...deployed(await probing, from),
    };
  });
}

/** The worker processes: the first process may stay and run new code. */
function processesOf({ nginx, named }: Serving, name: string): number[] {
  const container = name === 'nginx' ? nginx : named[name];
  return container === undefined ? [] : treeOf(container.pid()).slice(1);
}

const isThere = (pid: number) => existsSync(`/proc/${pid}`);

function rowOf(its: Measured, clients: number): string[] {
  const kinds = Object.entries(its.lost).map(([kind, number]) => `${kind}: ${number}`);
  const lost = clients - its.right;
  const isDeploy = its.way !== 'no deploy';
  const ofNginx = its.way.startsWith('nginx');
  const seconds = (value: number | null) =>
    value === null ? 'no answer' : `${value.toFixed(1)} s`;
  return [
    its.title,
    its.way,
    lost === 0 ? '0' : `${lost} (${kinds.join(', ')})`,
    isDeploy && !ofNginx ? seconds(its.newCodeSeconds) : '–',
    isDeploy
      ? its.oldGoneSeconds === null
        ? 'after the calls'
        : seconds(its.oldGoneSeconds)
      : '–',
    `${its.refused} of ${its.probes}`,
    its.longestMs < 1000 ? `${its.longestMs} ms` : `${(its.longestMs / 1000).toFixed(1)} s`,
  ];
}
