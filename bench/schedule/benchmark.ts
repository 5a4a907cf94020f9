/** `make bench-schedule`: what the learned schedule reaches in simulations, and costs on each engine. */

import { join } from 'node:path';
import { writeDistribution } from '../../src/offload/learning/stored';
import { RELEASES } from '../../testkit/machines/releases.js';
import { EXACT, lognormal, Route, random } from '../../testkit/schedule/simulation';
import type { Release } from '../../testkit/servers/nginx';
import { benchmark } from '../runner/definition';
import { findReleases } from '../runner/machine';
import { table } from '../runner/publish';
import { onStage } from '../runner/stage';
import { COLOURS, svg } from '../runner/svg';
import type { Cost, Task } from './engine';
import { learnedRows, type Panel, PRICES, panels, shiftRows } from './learned';

export interface Learned {
  learned: string[][];
  shifts: string[][];
  cost: string[][];
  panels: Panel[];
}

const TITLES = {
  learned: [
    'jobs',
    ...PRICES.flatMap((price) => [`polls at ${price} ms`, 'ms late', 'cost above']),
  ],
  shifts: ['jobs', ...PRICES.flatMap((price) => [`there, at ${price} ms`, 'back'])],
  cost: ['engine', 'read', 'learn 20 jobs', 'plan', 'write', 'place an attempt'],
};
const NAMES = ['learned', 'shifts', 'cost'] as const;

export default benchmark({
  target: 'bench-schedule',
  about: 'what the learned schedule reaches and costs',
  page: 'docs/schedule.md',
  heading: 'The learned schedule',
  file: 'schedule',
  settings: {},
  images: () => RELEASES.map((release) => `nginx:${release}`),
  // of each engine
  software: [],
  async *measure() {
    const measured: Learned = {
      ...{ learned: learnedRows(), shifts: shiftRows(), cost: [], panels: panels() },
    };
    for (const release of findReleases(RELEASES)) {
      const { read, fold, plan, write, readPlan, place } = await cost(release);
      const ms = [read, fold, plan, write, readPlan + place].map((each) => each.toFixed(2));
      const engine = release.engine === 'qjs' ? 'QuickJS of njs' : 'njs';
      measured.cost.push([`${engine} ${release.njs}`, ...ms]);
    }
    yield measured;
  },
  tables: ({ measured }) => NAMES.map((name) => table(TITLES[name], measured[name])).join('\n'),
  places: ({ measured }) =>
    NAMES.map((name) => ({
      ...{ page: 'docs/schedule.md', mark: name, text: table(TITLES[name], measured[name]) },
    })),
  pictures: async ({ measured }) => ({
    'schedule.svg': await svg(
      {
        title: {
          text: `grey: how long jobs take; line: what 300 of them taught; blue: the planned polls, at ${PRICES[0]} ms a poll`,
          ...{ fontSize: 11, fontWeight: 'normal', color: COLOURS.small },
        },
        vconcat: measured.panels.map(drawn),
        spacing: 24,
      },
      'Planned polls below the distribution of completion times',
    ),
  }),
});

function drawn({ title, from, to, jobs, known, polls }: Panel) {
  const step = (to - from) / jobs.length;
  const bars = jobs.map((share, i) => ({ at: from + i * step, end: from + (i + 1) * step, share }));
  const x = {
    field: 'at',
    type: 'quantitative' as const,
    scale: { domain: [from, to] },
    axis: {
      title: null,
      grid: false,
      values: [0, 1, 2, 3, 4].map((i) => from + (i * (to - from)) / 4),
      labelExpr: "datum.value + ' s'",
      domain: true,
      domainColor: COLOURS.peer,
    },
  };
  // polls are drawn below 0
  const y = {
    type: 'quantitative' as const,
    scale: { domain: [-0.3, 1.5], clamp: true },
    axis: null,
  };
  return {
    ...{ title, width: 720, height: 130 },
    layer: [
      {
        data: { values: bars },
        mark: { type: 'rect' as const, color: COLOURS.peerSecond },
        encoding: { x, x2: { field: 'end' }, y: { ...y, field: 'share' }, y2: { datum: 0 } },
      },
      {
        data: { values: known },
        mark: { type: 'line' as const, color: COLOURS.peer, strokeWidth: 1.5 },
        encoding: { x, y: { ...y, field: 'density' }, order: { field: 'at' } },
      },
      {
        data: { values: polls.map((at) => ({ at })) },
        mark: { type: 'rule' as const, color: COLOURS.ours, strokeWidth: 1.5 },
        encoding: { x, y: { ...y, datum: -0.05 }, y2: { datum: -0.25 } },
      },
    ],
  };
}

/** Of a route with lengths of all kinds, and 20 jobs that ended since. */
function task(): Task {
  const route = new Route(EXACT, random(7));
  const draw = lognormal(10_000, 1);
  route.run(draw, 400);
  const text = writeDistribution(route.distribution);
  const outcomes = route.run(draw, 20).flatMap((job) => job.outcome ?? []);
  return { text, outcomes, times: 100 };
}

function cost({ release, engine }: Release): Promise<Cost> {
  return onStage(async (stage) => {
    // not at the start: jest does not load it
    const { bundle } = await import('../../build/bundle.mjs');
    await bundle('../bench/schedule/engine', join(stage.folder, 'engine.js'));
    const { port } = await stage.nginx(
      (its) => `load_module modules/ngx_http_js_module.so;
events {}
http {
    ${engine === 'qjs' ? 'js_engine qjs;' : ''}
    js_import engine from /var/log/offload/engine.js;
    client_body_buffer_size 64k;
    server { listen 127.0.0.1:${its}; location / { js_content engine.measure; } }
}
`,
      { image: `nginx:${release}` },
    );
    const body = JSON.stringify(task());
    const response = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body });
    return (await response.json()) as Cost;
  });
}
