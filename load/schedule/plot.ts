/** A learned plan against the distribution that it was learned from, as a picture. */

import {
  type Draw,
  EXACT,
  lengthsOf,
  lognormal,
  Route,
  random,
  uniform,
} from '../../testkit/schedule/simulation';

const WIDTH = 760;
const LEFT = 20;
const PANEL = 190;
const HEIGHT = 110;
const TOP = 44;
const BARS = 90;

const STYLE = `
  text { font: 13px system-ui, sans-serif; fill: #1f2328 }
  .small { font-size: 11px; fill: #59636e }
  .jobs { fill: #c4cad1 }
  .known { fill: none; stroke: #818b98; stroke-width: 1.5 }
  .poll { stroke: #0969da; stroke-width: 1.5 }
  .axis { stroke: #818b98 }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc }
    .small { fill: #9198a1 }
    .jobs { fill: #3d444d }
    .known { stroke: #9198a1 }
    .poll { stroke: #4493f8 }
    .axis { stroke: #9198a1 }
  }`;

const PANELS: [string, Draw, number, number][] = [
  ['jobs of 8 to 12 s', uniform(8_000, 12_000), 6_000, 14_000],
  ['jobs of 10 s, lognormal with sigma 0.3', lognormal(10_000, 0.3), 0, 28_000],
  ['jobs of 10 s, lognormal with sigma 1', lognormal(10_000, 1), 0, 60_000],
];

export function plot(): string {
  const panels = PANELS.map(([title, draw, from, to], i) =>
    panel(title, draw, from, to, TOP + i * PANEL),
  );
  const height = TOP + PANELS.length * PANEL - 20;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="Planned polls below the distribution of completion times">
<style>${STYLE}
</style>
<text class="small" x="${LEFT}" y="16">grey: how long jobs take; line: what 300 of them taught; blue: the planned polls, at 25 ms a poll</text>
${panels.join('\n')}
</svg>
`;
}

function panel(title: string, draw: Draw, from: number, to: number, top: number): string {
  const route = new Route(EXACT, random(3));
  route.run(draw, 300);
  const x = (ms: number) => LEFT + ((ms - from) / (to - from)) * (WIDTH - 2 * LEFT);
  const bottom = top + HEIGHT;
  const step = (to - from) / BARS;
  const counts = new Array<number>(BARS).fill(0);
  const lengths = lengthsOf(draw, 20_000);
  for (const length of lengths) {
    const bar = Math.floor((length - from) / step);
    if (bar >= 0 && bar < BARS) {
      counts[bar] = (counts[bar] as number) + 1;
    }
  }
  // height of a share of the jobs per ms
  const most = Math.max(...counts) / lengths.length / step;
  const y = (density: number) => bottom - Math.min(density / most / 1.5, 1) * (HEIGHT - 20);
  const bars = counts.map((count, i) => {
    const at = y(count / lengths.length / step);
    return `<rect class="jobs" x="${x(from + i * step).toFixed(1)}" y="${at.toFixed(1)}" width="${((WIDTH - 2 * LEFT) / BARS).toFixed(1)}" height="${(bottom - at).toFixed(1)}"/>`;
  });
  const { edges, shares } = route.distribution;
  const line = shares.flatMap((share, i) => {
    const [start, end] = [edges[i] as number, edges[i + 1] as number];
    const at = y(share / (end - start)).toFixed(1);
    return end <= from || start >= to
      ? []
      : [Math.max(start, from), Math.min(end, to)].map((ms) => `${x(ms).toFixed(1)},${at}`);
  });
  const polls = (route.plan?.times ?? [])
    .filter((time) => time >= from && time <= to)
    .map(
      (time) =>
        `<line class="poll" x1="${x(time).toFixed(1)}" x2="${x(time).toFixed(1)}" y1="${bottom + 4}" y2="${bottom + 20}"/>`,
    );
  return [
    `<text x="${LEFT}" y="${top + 4}">${title}</text>`,
    ...bars,
    `<polyline class="known" points="${line.join(' ')}"/>`,
    `<line class="axis" x1="${LEFT}" x2="${WIDTH - LEFT}" y1="${bottom}" y2="${bottom}"/>`,
    ...polls,
    ...[0, 0.25, 0.5, 0.75, 1].map((part) => {
      const ms = from + part * (to - from);
      return `<text class="small" x="${x(ms).toFixed(1)}" y="${bottom + 34}" text-anchor="middle">${ms / 1000} s</text>`;
    }),
  ].join('\n');
}
