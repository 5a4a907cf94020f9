/** The planned polls below the distribution that they were planned for. */

import { line, rect, svg, text } from '../runner/svg';
import { type Panel, PRICES } from './learned';

const WIDTH = 720;
const HEIGHT = 100;
/** From one panel to the next. */
const STEP = 160;
const TICKS = [0, 0.25, 0.5, 0.75, 1];
const LEGEND = `grey: how long jobs take; line: what 300 of them taught; blue: the planned polls, at ${PRICES[0]} ms a poll`;

export function plot(panels: Panel[]): string {
  return svg(
    ...([WIDTH + 40, STEP * panels.length + 30] as const),
    'Planned polls below the distribution of completion times',
    [text('small', 20, 16, LEGEND), ...panels.flatMap(drawn)],
  );
}

function drawn({ title, from, to, jobs, known, polls }: Panel, at: number): string[] {
  const top = 30 + at * STEP;
  const base = top + 16 + HEIGHT;
  const x = (seconds: number) => 20 + ((seconds - from) / (to - from)) * WIDTH;
  // a density is of the highest bar
  const height = (share: number) => Math.min(share, 1.3) * (HEIGHT / 1.3);
  const bar = WIDTH / jobs.length;
  return [
    text('text', 20, top + 10, title, 'start', 13),
    ...jobs.map((share, i) =>
      rect('peerSecond', 20 + i * bar, base - height(share), bar, height(share)),
    ),
    line(
      'peer',
      known.map(({ at: when, density }) => [x(when), base - height(density)]),
    ),
    ...polls.map((when) => rect('ours', x(when) - 0.75, base + 3, 1.5, 12)),
    rect('peer', 20, base, WIDTH, 1),
    ...TICKS.map((share) => {
      const when = from + share * (to - from);
      return text('small', x(when), base + 28, `${when} s`, 'middle');
    }),
  ];
}
