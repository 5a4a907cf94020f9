/** Pictures by vega-lite, in the colours of GitHub's own pages, light and dark. */

import { parse, View } from 'vega';
import { type Config, compile, type TopLevelSpec } from 'vega-lite';

/** Light and dark. */
const PAIRS = {
  text: ['#1f2328', '#f0f6fc'],
  small: ['#59636e', '#9198a1'],
  peer: ['#818b98', '#9198a1'],
  peerSecond: ['#c4cad1', '#59616b'],
  ours: ['#0969da', '#4493f8'],
  oursSecond: ['#80b4ed', '#2a5c9c'],
  grid: ['#d1d9e0', '#3d444d'],
  limit: ['#cf222e', '#f85149'],
};

/** Those of a picture, in which the style has the dark ones. */
export const COLOURS = Object.fromEntries(
  Object.entries(PAIRS).map(([name, [light]]) => [name, light]),
) as Record<keyof typeof PAIRS, string>;

const config: Config = {
  aria: false,
  background: null as unknown as string,
  font: 'system-ui, sans-serif',
  padding: { left: 5, top: 10, right: 15, bottom: 10 },
  view: { stroke: null },
  title: {
    anchor: 'start',
    frame: 'group',
    fontSize: 13,
    fontWeight: 600,
    color: COLOURS.text,
    offset: 12,
  },
  text: { fontSize: 11, fill: COLOURS.small },
  axis: {
    labelColor: COLOURS.small,
    labelFontSize: 11,
    titleColor: COLOURS.small,
    titleFontSize: 11,
    titleFontWeight: 'normal',
    domain: false,
    ticks: false,
    gridColor: COLOURS.grid,
  },
  legend: { labelColor: COLOURS.text, labelFontSize: 13, title: null },
};

/** @param label says what it shows */
export async function svg(spec: TopLevelSpec, label: string): Promise<string> {
  const view = new View(parse(compile({ ...spec, config } as TopLevelSpec).spec), {
    renderer: 'none',
  });
  const drawn = await view.toSVG();
  const dark = Object.values(PAIRS).map(
    ([light, its]) => `  [fill="${light}"] { fill: ${its} } [stroke="${light}"] { stroke: ${its} }`,
  );
  const style = `<style>@media (prefers-color-scheme: dark) {\n${dark.join('\n')}\n}</style>`;
  return drawn
    .replace('<svg ', `<svg role="img" aria-label="${label}" `)
    .replace('>', `>${style}`)
    .concat('\n');
}
