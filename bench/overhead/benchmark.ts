/** `make bench-overhead`: the cost of the offload for requests that are not offloaded. */

import { binomialDistribution, median } from 'simple-statistics';
import { RELEASES } from '../../testkit/machines/releases.js';
import { benchmark } from '../runner/definition';
import { change, percent, signed } from '../runner/figures';
import { describe, findReleases, releaseName } from '../runner/machine';
import { table } from '../runner/publish';
import { choice, choices, count, ENGINES } from '../runner/settings';
import { measure, type Run, type Sample, WRK_IMAGE } from './measure';
import { kinds } from './steps';

/** The largest acceptable loss of requests/s of a saturated nginx, in a location with proxy_pass. */
const GOAL = 0.02;
/** CPU utilization below which nginx is not the bottleneck. */
const SATURATED = 0.9;

const TITLES = {
  proxy: 'A location with proxy_pass',
  nothing: 'A location without an app (empty_gif): the largest relative cost',
};

export default benchmark({
  target: 'bench-overhead',
  about: 'cost for requests that are not offloaded',
  page: 'docs/scale.md',
  heading: 'Cost for requests that are not offloaded',
  file: 'overhead',
  settings: {
    PAIRS: count('40', 'pairs of samples, with and without the offload'),
    SECONDS: count('1', 'length of a sample'),
    KIND: choices(kinds, kinds.join(), 'proxy: a location with an app; nothing: without an app'),
    OFFLOAD_MATRIX: choices(RELEASES, 'trixie', `of ${RELEASES}`),
    ENGINE: choice(ENGINES, 'njs', 'njs or qjs'),
  },
  images: ({ OFFLOAD_MATRIX }) => [
    ...OFFLOAD_MATRIX.flatMap((release) => [`nginx:${release}`, `callgrind:${release}`]),
    WRK_IMAGE,
  ],
  // of each run
  software: [],
  async *measure({ PAIRS, SECONDS, KIND, OFFLOAD_MATRIX, ENGINE }) {
    const runs: Run[] = [];
    for (const release of findReleases(OFFLOAD_MATRIX, ENGINE)) {
      for (const kind of KIND) {
        runs.push(await measure(release, kind, PAIRS, SECONDS));
        yield runs;
      }
    }
  },
  tables: (results) => `${describe(results)}; samples of ${results.settings.SECONDS} s.
${results.measured.map(section).join('')}`,
  // docs/scale.md names the few figures that its text is about
  places: () => [],
});

function section(run: Run): string {
  return `
## ${TITLES[run.kind]}

nginx ${releaseName(run)}; ${run.with.length} pairs of samples with and without the includes, taken at the same time on one CPU.

${compared(run)}
${verdict(run)}

Instructions of nginx per request, without the kernel; each part is added to the parts above:

${parts(run)}`;
}

function compared(run: Run): string {
  const row = (title: string, of: (sample: Sample) => number, digits: number) => {
    const [without, withIt] = [run.without.map(of), run.with.map(of)];
    const { medianRatio, interval } = ratio(without, withIt);
    const [low, high] = interval.map((value) => change(value - 1, 1));
    return [
      title,
      median(without).toFixed(digits),
      median(withIt).toFixed(digits),
      change(medianRatio - 1, 1),
      Number.isNaN(interval[0]) ? 'too few pairs' : `${low} to ${high}`,
    ];
  };
  return table(
    ['medians', 'without', 'with', 'difference', '95 % confidence'],
    [
      row('requests/s', (sample) => sample.requestsPerSecond, 0),
      row('p99, ms', (sample) => sample.p99, 2),
      row('CPU per request, µs', (sample) => sample.cpu, 2),
    ],
  );
}

function verdict(run: Run): string {
  const busy = median(run.with.map((sample, i) => sample.busy + (run.without[i]?.busy ?? 0)));
  const utilization = `Both together used ${percent(busy)} of the CPU`;
  if (run.kind !== 'proxy') {
    return `${utilization}.`;
  }
  const goal = `Goal, less than ${GOAL * 100} % fewer requests per second of CPU time: ${goalVerdict(run)}.`;
  return busy < SATURATED
    ? `${utilization}: nginx was not the bottleneck, so requests/s are not comparable. ${goal}`
    : `${utilization}. ${goal}`;
}

/** Whether the goal is reached, with 95 % confidence. */
export function goalVerdict(run: Run): 'reached' | 'not reached' | 'inconclusive' {
  // requests per second of CPU time
  const perSecond = (sample: Sample) => 1e6 / sample.cpu;
  const { interval } = ratio(run.without.map(perSecond), run.with.map(perSecond));
  if (interval[0] > 1 - GOAL) {
    return 'reached';
  }
  return interval[1] < 1 - GOAL ? 'not reached' : 'inconclusive';
}

function parts({ steps }: Run): string {
  const first = steps[0]?.instructions ?? Number.NaN;
  return table(
    ['part', 'instructions', 'added', 'relative'],
    steps.map(({ adds, isOptional, instructions }, i) => {
      const added = instructions - (steps[i - 1]?.instructions ?? instructions);
      return [
        `${adds}${isOptional ? ' (optional)' : ''}`,
        instructions.toFixed(0),
        i === 0 ? '' : signed(added),
        i === 0 ? '' : change(added / first, 1),
      ];
    }),
  );
}

/**
 * The median of the pairs' ratios of `withIt` to `without`, and its 95 % confidence interval: NaN for
 * fewer than 6 pairs. The number of values below the true median has a binomial distribution.
 */
export function ratio(without: number[], withIt: number[]) {
  const pairs = without.map((value, i) => (withIt[i] ?? Number.NaN) / value).sort((a, b) => a - b);
  let below = 0;
  const probabilities = pairs.length === 0 ? [1] : binomialDistribution(pairs.length, 0.5);
  const outside = (probabilities ?? []).findIndex((probability) => {
    below += probability;
    return below > 0.025;
  });
  const end = (i: number) => (outside < 1 ? Number.NaN : (pairs[i] ?? Number.NaN));
  const interval: [number, number] = [end(outside - 1), end(pairs.length - outside)];
  return { medianRatio: median(pairs), interval };
}
