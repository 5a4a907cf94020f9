/** The figures of a benchmark as an SVG: right answers per second, and added latency. */

import { latencyScale } from './latency-scale';
import { answeredOf, type Outcome, type Results, wrongOf } from './results';
import { isOurs } from './systems';
import { workOf } from './table';

const LEFT = 236;
const PANEL = 270;
const GAP = 120;
const TOP = 76;
const ROW = 38;
const BAR = 12;
const WIDTH = LEFT + PANEL + GAP + PANEL + 30;

/** Colours of GitHub's own pages, light and dark. */
const STYLE = `
  text { font: 13px system-ui, sans-serif; fill: #1f2328 }
  .small { font-size: 11px; fill: #59636e }
  .title { font-weight: 600 }
  .peer { fill: #818b98; stroke: #818b98 }
  .ours { fill: #0969da; stroke: #0969da }
  .peer.second { fill: #c4cad1; stroke: #c4cad1 }
  .ours.second { fill: #80b4ed; stroke: #80b4ed }
  .grid { stroke: #d1d9e0 }
  .limit { stroke: #cf222e; stroke-dasharray: 4 3 }
  .limit-text { fill: #cf222e }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc }
    .small { fill: #9198a1 }
    .peer { fill: #9198a1; stroke: #9198a1 }
    .ours { fill: #4493f8; stroke: #4493f8 }
    .peer.second { fill: #59616b; stroke: #59616b }
    .ours.second { fill: #2a5c9c; stroke: #2a5c9c }
    .grid { stroke: #3d444d }
    .limit { stroke: #f85149 }
    .limit-text { fill: #f85149 }
  }`;

export function plot(results: Results): string {
  const systems = results.runs[0]?.outcomes ?? [];
  const bottom = TOP + systems.length * ROW;
  const height = bottom + 34;
  const names = systems.map(
    ({ title }, at) =>
      `<text x="${LEFT - 12}" y="${middle(at) + 4}" text-anchor="end">${escaped(title)}</text>`,
  );
  const parts = [
    ...legend(results),
    ...names,
    ...rates(results, bottom),
    ...latencies(results, bottom),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="Right answers a second and added latency, by system">
<style>${STYLE}
</style>
${parts.join('\n')}
</svg>
`;
}

/** Bars, scaled to the physical limit. */
function rates(results: Results, bottom: number): string[] {
  const limits = results.runs.map((run) => results.requests / run.idealSeconds);
  const right = LEFT + PANEL;
  return [
    title(LEFT, 'right answers a second'),
    ...bars(results, (outcome, y, cssClass, run) => {
      const rate = rateOf(outcome);
      const width = ((rate / (limits[run] ?? rate)) * PANEL).toFixed(1);
      return [
        `<rect class="${cssClass}" x="${LEFT}" y="${y}" width="${width}" height="${BAR}" stroke="none"/>`,
        `<text class="small" x="${right + 8}" y="${y + 10}">${rate.toFixed(1)}${noteOf(outcome)}</text>`,
      ];
    }),
    `<line class="limit" x1="${right}" x2="${right}" y1="${TOP - 6}" y2="${bottom}"/>`,
    `<text class="small limit-text" x="${right}" y="${bottom + 16}" text-anchor="middle">physical limit: ${limits.map((limit) => limit.toFixed(1)).join(', ')}</text>`,
  ];
}

/** Lines from the median to the 99th percentile, on a logarithmic scale. */
function latencies(results: Results, bottom: number): string[] {
  const left = LEFT + PANEL + GAP;
  const all = results.runs.flatMap(({ outcomes }) =>
    outcomes.flatMap(({ addedMs }) => [addedMs.p50, addedMs.p99]),
  );
  const scale = latencyScale(all.filter((ms) => ms !== null));
  const x = (ms: number) => (left + scale.share(ms) * PANEL).toFixed(1);
  return [
    title(left, 'added to the work: median (dot) to p99'),
    ...scale.ticks.flatMap(({ ms, label }) => [
      `<line class="grid" x1="${x(ms)}" x2="${x(ms)}" y1="${TOP - 6}" y2="${bottom}"/>`,
      `<text class="small" x="${x(ms)}" y="${bottom + 16}" text-anchor="middle">${label}</text>`,
    ]),
    ...bars(results, ({ addedMs: { p50, p99 } }, top, cssClass) => {
      const y = top + BAR / 2;
      return p50 === null || p99 === null
        ? [`<text class="small" x="${left}" y="${y + 4}">no right answer</text>`]
        : [
            `<line class="${cssClass}" x1="${x(p50)}" x2="${x(p99)}" y1="${y}" y2="${y}" stroke-width="3"/>`,
            `<circle class="${cssClass}" cx="${x(p50)}" cy="${y}" r="4.5" stroke="none"/>`,
          ];
    }),
  ];
}

/** Draws each run of each system in its row. */
function bars(
  results: Results,
  draw: (outcome: Outcome, y: number, cssClass: string, run: number) => string[],
): string[] {
  const height = results.runs.length * (BAR + 2);
  return results.runs.flatMap(({ outcomes }, run) =>
    outcomes.flatMap((outcome, at) =>
      draw(
        outcome,
        middle(at) - height / 2 + run * (BAR + 2) + 1,
        classOf(outcome.system, run),
        run,
      ),
    ),
  );
}

function legend(results: Results): string[] {
  return results.runs.map(({ spreadMs }, run) => {
    const x = LEFT + run * 170;
    const cssClass = classOf('offload', run);
    return `<rect class="${cssClass}" x="${x}" y="14" width="12" height="12" stroke="none"/><text x="${x + 18}" y="25">${workOf(results.jobMs, spreadMs)} of work</text>`;
  });
}

function noteOf(outcome: Outcome): string {
  const wrong = wrongOf(outcome);
  return wrong > 0 ? `, ${((wrong / answeredOf(outcome)) * 100).toFixed(0)} % errors` : '';
}

function rateOf({ right, wallSeconds }: Outcome): number {
  return right / wallSeconds;
}

function classOf(system: string, run: number): string {
  return `${isOurs(system) ? 'ours' : 'peer'}${run > 0 ? ' second' : ''}`;
}

function middle(at: number): number {
  return TOP + at * ROW + ROW / 2;
}

function title(x: number, text: string): string {
  return `<text class="title" x="${x}" y="${TOP - 18}">${text}</text>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
