/** The results as tables. */

import { describe } from '../rig/machine';
import { markdownTable } from '../rig/markdown';
import { median } from '../rig/median';
import { ratio } from './paired';
import type { Results, Run } from './results';
import type { Turn } from './turn';

/** Fewer requests that a busy nginx answers, in a location behind proxy_pass. */
export const GOAL = 0.02;

/** Below it something else than nginx bounds the requests/s. */
const BUSY = 0.9;

const TITLES = {
  proxy: 'A location behind proxy_pass',
  nothing: 'A location without an app (empty_gif): the worst share',
};

export function page(results: Results): string {
  const { taken, machine, seconds, runs } = results;
  return `# What it costs requests that are never offloaded

By \`make bench-overhead\`; docs/scale.md says how to read it.

${describe(taken, machine)}; turns of ${seconds} s.
${runs.map(section).join('')}`;
}

function section(run: Run): string {
  return `
## ${TITLES[run.kind]}

nginx ${run.nginx}, njs ${run.njs}, ${run.engine === 'qjs' ? 'QuickJS' : "njs's own engine"}; ${run.with.length} times one nginx with the includes and one without, at the same time on one CPU.

${compared(run)}
${verdict(run)}

Instructions of nginx's own code for a request, each part added to those above it:

${parts(run)}`;
}

function compared(run: Run): string {
  const row = (title: string, of: (turn: Turn) => number, digits: number) => {
    const [without, withIt] = [run.without.map(of), run.with.map(of)];
    const { ofPairs, interval } = ratio(without, withIt);
    const [low, high] = interval.map((value) => percent(value - 1));
    return [
      title,
      median(without).toFixed(digits),
      median(withIt).toFixed(digits),
      percent(ofPairs - 1),
      Number.isNaN(interval[0]) ? 'too few pairs' : `${low} to ${high}`,
    ];
  };
  return markdownTable(
    ['medians', 'without', 'with', 'of the pairs', '95 % sure'],
    [
      row('requests/s', (turn) => turn.requestsPerSecond, 0),
      row('p99, ms', (turn) => turn.p99, 2),
      row('CPU for a request, µs', (turn) => turn.cpu, 2),
    ],
  );
}

function verdict(run: Run): string {
  const busy = median(run.with.map((turn, i) => turn.busy + (run.without[i]?.busy ?? 0)));
  const share = `The two had their CPU for ${(busy * 100).toFixed(0)} % of a turn`;
  if (run.kind !== 'proxy') {
    return `${share}.`;
  }
  const goal = `The goal, less than ${GOAL * 100} % fewer requests in a second of CPU time: ${reaching(run)}.`;
  return busy < BUSY
    ? `${share}: they were not the bottleneck, and requests/s tell nothing. ${goal}`
    : `${share}. ${goal}`;
}

/** Whether the goal is reached, as far as the spread of the pairs lets anybody say. */
export function reaching(run: Run): 'reached' | 'not reached' | 'not settled by so few pairs' {
  // requests that a second of a CPU is enough for
  const perSecond = (turn: Turn) => 1e6 / turn.cpu;
  const { interval } = ratio(run.without.map(perSecond), run.with.map(perSecond));
  if (interval[0] > 1 - GOAL) {
    return 'reached';
  }
  return interval[1] < 1 - GOAL ? 'not reached' : 'not settled by so few pairs';
}

function parts({ steps }: Run): string {
  const first = steps[0]?.instructions ?? Number.NaN;
  return markdownTable(
    ['part', 'instructions', 'adds', 'share'],
    steps.map(({ adds, isOptional, instructions }, i) => {
      const added = instructions - (steps[i - 1]?.instructions ?? instructions);
      return [
        `${adds}${isOptional ? ' (by choice)' : ''}`,
        instructions.toFixed(0),
        i === 0 ? '' : signed(added, 0),
        i === 0 ? '' : percent(added / first),
      ];
    }),
  );
}

function percent(share: number): string {
  return `${signed(share * 100, 1)} %`;
}

function signed(value: number, digits: number): string {
  const text = value.toFixed(digits);
  // rounded to nothing, it has no sign
  return Number(text) > 0 ? `+${text}` : Number(text) === 0 ? text.replace('-', '') : text;
}
