/** The figures as a picture: right answers per second, and added latency. */

import { workOf } from '../../load/client/report.js';
import { COLOURS, svg } from '../runner/svg';
import { isOurs } from './peers';
import { answeredOf, type Results, rateOf, withoutCrowds, wrongOf } from './tables';

const PANEL = 270;
const ROW = 38;
const BAR = 12;

/** Of peers and of this project, in the first run and in later ones. */
const KINDS = {
  'peer-0': COLOURS.peer,
  'peer-1': COLOURS.peerSecond,
  'ours-0': COLOURS.ours,
  'ours-1': COLOURS.oursSecond,
};

export function plot({ measured: all, settings }: Results): Promise<string> {
  const measured = withoutCrowds(all);
  const limits = measured.map(({ idealSeconds }) => settings.REQUESTS / idealSeconds);
  const values = measured.flatMap(({ outcomes }, run) =>
    outcomes.map((outcome) => ({
      title: outcome.title,
      run: Math.min(run, 1),
      kind: `${isOurs(outcome.system) ? 'ours' : 'peer'}-${Math.min(run, 1)}`,
      share: rateOf(outcome) / (limits[run] ?? Number.NaN),
      note: `${rateOf(outcome).toFixed(1)}${wrongOf(outcome) > 0 ? `, ${((wrongOf(outcome) / answeredOf(outcome)) * 100).toFixed(0)} % errors` : ''}`,
      p50: outcome.addedMs.p50 === null ? null : Math.max(outcome.addedMs.p50, 1),
      p99: outcome.addedMs.p99 === null ? null : Math.max(outcome.addedMs.p99, 1),
    })),
  );
  const works = measured.map(
    ({ spreadMs }) => `${workOf({ job: settings.JOB, spread: spreadMs })} of work`,
  );
  // named, as Vega puts a system without a value last where it has to find the order
  const titles = [...new Set(values.map(({ title }) => title))];
  const height = ROW * titles.length;
  const y = { field: 'title', type: 'nominal' as const, sort: titles };
  const systems = { ...y, scale: { paddingInner: 0.26, paddingOuter: 0.13 } };
  const names = {
    title: null,
    labelColor: COLOURS.text,
    labelFontSize: 13,
    labelLimit: 400,
    labelPadding: 12,
  };
  const yOffset = { field: 'run', type: 'nominal' as const };
  const color = {
    field: 'kind',
    type: 'nominal' as const,
    scale: { domain: Object.keys(KINDS), range: Object.values(KINDS) },
    legend: {
      ...{
        orient: 'top' as const,
        symbolType: 'square',
        symbolOpacity: 1,
        columnPadding: 40,
        labelLimit: 300,
      },
      values: Object.keys(KINDS).slice(2, 2 + works.length),
      labelExpr: `datum.value === 'ours-0' ? '${works[0]}' : '${works[1]}'`,
    },
  };
  const share = { type: 'quantitative' as const, scale: { domain: [0, 1] } };
  const latency = {
    type: 'quantitative' as const,
    scale: { type: 'log' as const, domain: domainOf(values.flatMap(({ p50, p99 }) => [p50, p99])) },
    axis: {
      title: null,
      ...{ labelOverlap: false, labelFlush: false },
      values: [1, 10, 100, 1000, 10_000, 100_000, 1_000_000],
      labelExpr: "datum.value < 1000 ? datum.value + ' ms' : datum.value / 1000 + ' s'",
    },
  };
  const limit = {
    title: `physical limit: ${limits.map((each) => each.toFixed(1)).join(', ')}`,
    ...{ titleAnchor: 'end' as const, titleColor: COLOURS.limit, labels: false, grid: false },
  };
  const rates = {
    ...{ title: 'right answers a second', width: PANEL, height },
    encoding: { y: { ...systems, axis: names }, yOffset },
    layer: [
      {
        mark: { type: 'bar' as const, height: BAR },
        encoding: { x: { ...share, field: 'share', axis: limit }, color },
      },
      {
        mark: { type: 'text' as const, align: 'left' as const, dx: 8 },
        encoding: { x: { ...share, datum: 1 }, text: { field: 'note' } },
      },
    ],
  };
  const latencies = {
    ...{ title: 'added to the work: median (dot) to p99', width: PANEL, height },
    encoding: { y: { ...systems, axis: null }, yOffset },
    layer: [
      {
        mark: { type: 'rule' as const, strokeWidth: 3 },
        encoding: { x: { ...latency, field: 'p50' }, x2: { field: 'p99' }, color },
      },
      {
        mark: { type: 'point' as const, filled: true, size: 64, opacity: 1 },
        encoding: { x: { ...latency, field: 'p50' }, color },
      },
      {
        transform: [{ filter: 'datum.p50 === null' }],
        mark: { type: 'text' as const, align: 'left' as const, text: 'no right answer' },
        encoding: { x: { value: 0 } },
      },
    ],
  };
  const line = {
    mark: { type: 'rule' as const, color: COLOURS.limit, strokeDash: [4, 3] },
    encoding: { x: { ...share, datum: 1 } },
  };
  const whole = {
    ...rates,
    encoding: {},
    layer: [{ encoding: rates.encoding, layer: rates.layer }, line],
  };
  return svg(
    { data: { values }, hconcat: [whole, latencies], spacing: 24 },
    'Right answers a second and added latency, by system',
  );
}

/** Powers of ten around all values. */
export function domainOf(values: (number | null)[]): [number, number] {
  const powers = values.filter((ms) => ms !== null).map((ms) => Math.log10(ms));
  const from = Math.floor(Math.min(...powers, 1));
  return [10 ** from, 10 ** Math.max(Math.ceil(Math.max(...powers, 1)), from + 1)];
}
