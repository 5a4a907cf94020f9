import { readFileSync } from 'node:fs';
import { snippets as written } from '../../../../build/snippets';
import { configuration } from '../../../../load/overhead/configuration';
import { readTotal } from '../../../../load/overhead/instructions';
import { ratio } from '../../../../load/overhead/paired';
import type { Run } from '../../../../load/overhead/results';
import { statements } from '../../../../load/overhead/statements';
import { type Step, steps } from '../../../../load/overhead/steps';
import { goalVerdict } from '../../../../load/overhead/table';

const textOf = (source: string, name: string) =>
  written(source, readFileSync(`nginx/${source}`, 'utf8')).find(([its]) => its === name)?.[1] ?? '';
const snippets = {
  http: textOf('http.conf', 'http.conf'),
  proxy: textOf('protocol.conf', 'proxy.conf'),
};

describe('the steps', () => {
  const all = steps(snippets, 'njs');

  test('start without the offload', () => {
    expect(configuration(all[0] as Step, 'proxy', 1)).not.toMatch(
      /offload\/\w+\.conf|\$offload|js_|limit_conn|418/,
    );
  });

  test('add each directive of proxy.conf in a separate step', () => {
    const added = all.filter(({ adds }) => adds.startsWith('`proxy.conf`'));
    expect(added).toHaveLength(statements(snippets.proxy).length);
    expect(added.at(-1)?.location.split('\n')).toEqual(statements(snippets.proxy));
  });

  test('keep the parts of the steps before', () => {
    for (const [i, step] of all.entries()) {
      const before = all[i - 1] ?? step;
      for (const place of ['main', 'http', 'server', 'location', 'logFormat'] as const) {
        expect(step[place].startsWith(before[place])).toBe(true);
      }
    }
  });

  test('end with the optional log variable', () => {
    expect(all.map(({ isOptional }) => isOptional).indexOf(true)).toBe(all.length - 1);
  });

  test('reject a line of http.conf that belongs to no part', () => {
    const more = { ...snippets, http: `${snippets.http}\nlimit_rate 1k;` };
    expect(() => steps(more, 'njs')).toThrow(
      'in no part of load/overhead/steps.ts: limit_rate 1k;',
    );
  });
});

test('a ratio is the median of the pairs’ ratios', () => {
  const { medianRatio } = ratio([100, 200, 400], [99, 196, 400]);
  expect(medianRatio).toBe(0.99);
});

test.each([
  [5, undefined],
  [6, [1, 6]],
  [9, [2, 8]],
  [40, [14, 27]],
])(
  'the 95 %% confidence interval of the median of %i pairs is between the ranks %p',
  (pairs, ranks) => {
    const values = Array.from({ length: pairs }, (_, i) => i + 1);
    const { interval } = ratio(
      values.map(() => 1),
      values,
    );
    expect(interval).toEqual(ranks ?? [Number.NaN, Number.NaN]);
  },
);

test('reads the totals of callgrind', () => {
  expect(readTotal('events: Ir\nsummary: 7\ntotals: 123456\n')).toBe(123456);
  expect(() => readTotal('events: Ir\n')).toThrow('no totals in the output of callgrind');
});

test.each([
  ['reached', [1000, 990, 1010, 985, 995, 1000]],
  ['not reached', [970, 960, 979, 950, 970, 960]],
  ['inconclusive', [1000, 970, 1010, 985, 995, 1000]],
  ['inconclusive', [1000]],
])('the goal is %s for pairs of 1000 and %p requests per second of CPU time', (verdict, taken) => {
  const sample = (value: number) => ({ requestsPerSecond: 1, p99: 1, cpu: 1e6 / value, busy: 1 });
  const run = { without: taken.map(() => sample(1000)), with: taken.map(sample) };
  expect(goalVerdict(run as Run)).toBe(verdict);
});
