/** Pictures in the colours of GitHub's own pages, light and dark. */

const COLOURS = {
  text: ['#1f2328', '#f0f6fc'],
  small: ['#59636e', '#9198a1'],
  peer: ['#818b98', '#9198a1'],
  peerSecond: ['#c4cad1', '#59616b'],
  ours: ['#0969da', '#4493f8'],
  oursSecond: ['#80b4ed', '#2a5c9c'],
  grid: ['#d1d9e0', '#3d444d'],
  limit: ['#cf222e', '#f85149'],
} as const;
export type Colour = keyof typeof COLOURS;

const rounded = (value: number) => Number(value.toFixed(1));
const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

export const rect = (colour: Colour, x: number, y: number, width: number, height: number) =>
  `<rect class="${colour}" x="${rounded(x)}" y="${rounded(y)}" width="${rounded(width)}" height="${rounded(height)}"/>`;

export const dot = (colour: Colour, x: number, y: number) =>
  `<circle class="${colour}" cx="${rounded(x)}" cy="${rounded(y)}" r="4"/>`;

export const line = (colour: Colour, points: [x: number, y: number][]) =>
  `<polyline class="${colour}" points="${points.map((xy) => xy.map(rounded).join()).join(' ')}"/>`;

/** @param y of the baseline; anchor: which end is at x */
export const text = (
  colour: Colour,
  x: number,
  y: number,
  content: string,
  anchor: 'start' | 'middle' | 'end' = 'start',
  size = 11,
) =>
  `<text class="${colour}" x="${rounded(x)}" y="${rounded(y)}" text-anchor="${anchor}" font-size="${size}">${escaped(content)}</text>`;

/** @param label says what it shows */
export function svg(width: number, height: number, label: string, content: string[]): string {
  const colours = (at: 0 | 1) =>
    Object.entries(COLOURS).map(([name, pair]) => `.${name} { color: ${pair[at]} }`);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${label}" font-family="system-ui, sans-serif">
<style>
rect, circle, text { fill: currentColor } polyline { fill: none; stroke: currentColor; stroke-width: 1.5 }
${colours(0).join(' ')}
@media (prefers-color-scheme: dark) { ${colours(1).join(' ')} }
</style>
${content.join('')}
</svg>
`;
}
