/** Pictures by vega-lite, in the colours of GitHub's own pages, light and dark. */

import { parse, View } from 'vega';
import { type Config, compile, type TopLevelSpec } from 'vega-lite';

export const COLOURS = {
  text: '#1f2328',
  small: '#59636e',
  peer: '#818b98',
  peerSecond: '#c4cad1',
  ours: '#0969da',
  oursSecond: '#80b4ed',
  grid: '#d1d9e0',
  limit: '#cf222e',
};

const DARK: Record<keyof typeof COLOURS, string> = {
  text: '#f0f6fc',
  small: '#9198a1',
  peer: '#9198a1',
  peerSecond: '#59616b',
  ours: '#4493f8',
  oursSecond: '#2a5c9c',
  grid: '#3d444d',
  limit: '#f85149',
};

const FONT = 'system-ui, sans-serif';

const config: Config = {
  aria: false,
  background: null as unknown as string,
  font: FONT,
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
  const dark = Object.entries(COLOURS).map(([name, light]) => {
    const its = DARK[name as keyof typeof COLOURS];
    return `  [fill="${light}"] { fill: ${its} } [stroke="${light}"] { stroke: ${its} }`;
  });
  const style = `<style>@media (prefers-color-scheme: dark) {\n${dark.join('\n')}\n}</style>`;
  return drawn
    .replace('<svg ', `<svg role="img" aria-label="${label}" `)
    .replace('>', `>${style}`)
    .concat('\n');
}
