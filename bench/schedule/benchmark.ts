/** `make bench-schedule`: what the learned schedule reaches in simulations, and costs on each engine. */

import { join } from 'node:path';
import { writeDistribution } from '../../src/offload/learning/stored';
import { enginesOf, RELEASES } from '../../testkit/machines/releases.js';
import { EXACT, lognormal, Route, random } from '../../testkit/schedule/simulation';
import type { Release } from '../../testkit/servers/nginx';
import { benchmark } from '../runner/definition';
import { filledFile } from '../runner/fill';
import { table } from '../runner/publish';
import { onStage } from '../runner/stage';
import type { Task } from './engine';
import { learnedRows, type Panel, PRICES, panels } from './learned';
import { plot } from './plot';

const REACHED = [
  'jobs',
  ...PRICES.flatMap((price) => [`polls at ${price} ms`, 'ms late', 'above']),
];
const COSTS = ['engine', 'read', 'learn 20 jobs', 'plan', 'write', 'place an attempt'];

/** Cells of one of the tables, or what is drawn. */
type Measured = { reached?: string[]; costs?: string[]; panel?: Panel };

export default benchmark({
  page: 'docs/schedule.md',
  settings: {},
  images: () => RELEASES.map((release) => `nginx:${release}`),
  // of each engine
  software: [],
  async *measure(): AsyncIterable<Measured> {
    yield* learnedRows().map((reached) => ({ reached }));
    for (const release of RELEASES.flatMap(enginesOf)) {
      const engine = release.engine === 'qjs' ? 'QuickJS of njs' : 'njs';
      const ms = (await costs(release)).map((each) => each.toFixed(2));
      yield { costs: [`${engine} ${release.njs}`, ...ms] };
    }
    yield* panels().map((panel) => ({ panel }));
  },
  tables: ({ measured }) => {
    const tableOf = (name: 'reached' | 'costs', titles: string[]) =>
      table(
        titles.map((title, at) => [title, (cells: string[]) => cells[at] ?? '']),
        measured.flatMap((each) => (each[name] ? [each[name]] : [])),
      );
    return `After 300 jobs, learned from polls alone; in brackets the best plan that knows the lengths of 20,000 jobs:

${tableOf('reached', REACHED)}
Milliseconds on each engine:

${tableOf('costs', COSTS)}`;
  },
  picture: ({ measured }) => plot(measured.flatMap(({ panel }) => panel ?? [])),
});

/** Of a route with lengths of all kinds, and 20 jobs that ended since. */
function task(): Task {
  const route = new Route(EXACT, random(7));
  const draw = lognormal(10_000, 1);
  route.run(draw, 400);
  const text = writeDistribution(route.distribution);
  return { text, outcomes: route.run(draw, 20).flatMap((job) => job.outcome ?? []) };
}

function costs({ release, engine }: Release): Promise<number[]> {
  return onStage(async (stage) => {
    // not at the start: jest does not load it
    const { bundle } = await import('../../build/bundle.mjs');
    await bundle('../bench/schedule/engine', join(stage.folder, 'engine.js'));
    const ENGINE = engine === 'qjs' ? 'js_engine qjs;' : '';
    const { port } = await stage.nginx(
      (PORT) => filledFile(join(import.meta.dirname, 'engine.conf'), { PORT, ENGINE }),
      { image: `nginx:${release}` },
    );
    const body = JSON.stringify(task());
    const response = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body });
    return (await response.json()) as number[];
  });
}
