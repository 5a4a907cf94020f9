/** The figures as a picture: right answers per second, and added latency. */

import { workOf } from '../../load/client/lengths';
import { type Colour, dot, rect, svg, text } from '../runner/svg';
import { isOurs } from '../runner/system';
import { bestRate, type Compared, isCrowd, rateOf, runsOf } from './tables';

const PANEL = 270;
/** The left edges of the panels. */
const RATES = 250;
const LATENCIES = 600;
const TOP = 60;
const ROW = 38;
const BAR = 12;
/** ms, the ends of the axis of latencies. */
const [FROM, TO] = [1, 100_000];
const TICKS = { '1 ms': 1, '10 ms': 10, '100 ms': 100, '1 s': 1000, '10 s': 10_000, '100 s': TO };

/** Of the first run and of the second. */
const PEER: Colour[] = ['peer', 'peerSecond'];
const OURS: Colour[] = ['ours', 'oursSecond'];

/** Of the first two runs, without crowds. */
export function plot(results: Compared): string {
  const runs = runsOf(results.measured).filter((run) => !isCrowd(run, results));
  const shown = runs.slice(0, 2);
  const systems = [...new Set(shown.flat().map(({ system }) => system))];
  const bottom = TOP + systems.length * ROW;
  const x = (ms: number) =>
    LATENCIES + (PANEL * Math.log(Math.min(Math.max(ms, FROM), TO) / FROM)) / Math.log(TO / FROM);
  const rows = shown.flatMap((run, second) =>
    run.flatMap((its) => {
      const row = TOP + systems.indexOf(its.system) * ROW;
      const y = row + 6 + second * (BAR + 2);
      const colour = (isOurs(its.system) ? OURS : PEER)[second] as Colour;
      const { p50, p99 } = its.addedMs;
      const width = (rateOf(its) / bestRate(its, results)) * PANEL;
      return [
        ...(second === 0 ? [text('text', RATES - 12, row + 23, its.title, 'end', 13)] : []),
        rect(colour, RATES, y, width, BAR),
        text('small', RATES + PANEL + 8, y + 10, rateOf(its).toFixed(1)),
        ...(p50 === null || p99 === null
          ? [text('small', LATENCIES, y + 10, 'no right answer')]
          : [rect(colour, x(p50), y + 4, x(p99) - x(p50), 3), dot(colour, x(p50), y + 5.5)]),
      ];
    }),
  );
  const heads = shown.flatMap(([its], second) => {
    const work = workOf({ job: results.settings.JOB, spread: its?.spread ?? 0 });
    const at = RATES + second * 180;
    return [
      rect(OURS[second] as Colour, at, 6, BAR, BAR),
      text('text', at + 18, 17, `${work} of work`),
    ];
  });
  const limits = shown.flatMap(([its]) => (its ? bestRate(its, results).toFixed(1) : []));
  const label = 'Right answers a second and added latency, by system';
  return svg(LATENCIES + PANEL + 50, bottom + 26, label, [
    ...heads,
    text('text', RATES, 45, 'right answers a second', 'start', 13),
    text('text', LATENCIES, 45, 'added to the work: median (dot) to p99', 'start', 13),
    ...Object.entries(TICKS).flatMap(([name, ms]) => [
      rect('grid', x(ms), TOP, 1, bottom - TOP),
      text('small', x(ms), bottom + 16, name, 'middle'),
    ]),
    ...rows,
    rect('limit', RATES + PANEL, TOP, 1.5, bottom - TOP),
    text('limit', RATES + PANEL, bottom + 16, `physical limit: ${limits.join(', ')}`, 'end'),
  ]);
}
