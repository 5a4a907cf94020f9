/** The results as tables. */

import { describe } from '../rig/machine';
import { markdownTable } from '../rig/markdown';
import { median } from './median';
import { ratio } from './paired';
import type { Results, Run } from './results';
import type { Turn } from './turn';

/** Fewer requests/s, of a location behind proxy_pass. */
export const GOAL = 0.02;

/** Below it something else than nginx bounds the requests/s, which tell little of nginx then. */
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

nginx ${run.nginx}, njs ${run.njs}, ${run.engine === 'qjs' ? 'QuickJS' : "njs's own engine"}; ${run.with.length} turns with the includes and ${run.without.length} without, in turn.

${compared(run)}
${verdict(run)}

Instructions of nginx's own code for a request, each part added to those above it:

${parts(run)}`;
}

function compared(run: Run): string {
  const row = (title: string, of: (turn: Turn) => number, digits: number) => {
    const [without, withIt] = [run.without.map(of), run.with.map(of)];
    const { ofMedians, quartiles } = ratio(without, withIt);
    const [low, high] = quartiles.map((value) => percent(value - 1));
    return [
      title,
      median(without).toFixed(digits),
      median(withIt).toFixed(digits),
      percent(ofMedians - 1),
      `${low} to ${high}`,
    ];
  };
  return markdownTable(
    ['medians', 'without', 'with', 'difference', 'half of the pairs'],
    [
      row('requests/s', (turn) => turn.requestsPerSecond, 0),
      row('p99, ms', (turn) => turn.p99, 2),
      row('CPU for a request, µs', (turn) => turn.cpu, 2),
    ],
  );
}

function verdict(run: Run): string {
  const busy = median([...run.without, ...run.with].map((turn) => turn.busy));
  const share = `nginx was on a CPU for ${(busy * 100).toFixed(0)} % of a turn`;
  if (busy < BUSY) {
    return `${share}: it was not the bottleneck, and requests/s tell less than the CPU for a request.`;
  }
  return run.kind === 'proxy'
    ? `${share}. The goal, less than ${GOAL * 100} % fewer requests/s, is ${reachesGoal(run) ? '' : 'not '}reached.`
    : `${share}.`;
}

export function reachesGoal(run: Run): boolean {
  const { ofMedians } = ratio(
    run.without.map((turn) => turn.requestsPerSecond),
    run.with.map((turn) => turn.requestsPerSecond),
  );
  return ofMedians > 1 - GOAL;
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
