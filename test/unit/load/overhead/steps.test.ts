import { readFileSync } from 'node:fs';
import { configuration } from '../../../../load/overhead/configuration';
import { readTotal } from '../../../../load/overhead/instructions';
import { ratio, turns } from '../../../../load/overhead/paired';
import type { Run } from '../../../../load/overhead/results';
import { statements } from '../../../../load/overhead/statements';
import { type Step, steps } from '../../../../load/overhead/steps';
import { reachesGoal } from '../../../../load/overhead/table';

const snippets = {
  http: readFileSync('nginx/http.conf', 'utf8'),
  proxy: readFileSync('nginx/proxy.conf', 'utf8'),
};

describe('the steps', () => {
  const all = steps(snippets, 'njs');

  test('begin with an nginx that has nothing of the offload', () => {
    expect(configuration(all[0] as Step, 'proxy', 1)).not.toMatch(
      /offload\/\w+\.conf|\$offload|js_|limit_conn|418/,
    );
  });

  test('have each directive of proxy.conf as one of their own, and all of it at the end', () => {
    const added = all.filter(({ adds }) => adds.startsWith('`proxy.conf`'));
    expect(added).toHaveLength(statements(snippets.proxy).length);
    expect(added.at(-1)?.location.split('\n')).toEqual(statements(snippets.proxy));
  });

  test('keep what came before', () => {
    for (const [i, step] of all.entries()) {
      const before = all[i - 1] ?? step;
      for (const place of ['main', 'http', 'server', 'location', 'logFormat'] as const) {
        expect(step[place].startsWith(before[place])).toBe(true);
      }
    }
  });

  test('have the log variable last, by choice', () => {
    expect(all.map(({ isOptional }) => isOptional).indexOf(true)).toBe(all.length - 1);
  });

  test('complain of a line of http.conf that is in no part', () => {
    const more = { ...snippets, http: `${snippets.http}\nlimit_rate 1k;` };
    expect(() => steps(more, 'njs')).toThrow(
      'in no part of load/overhead/steps.ts: limit_rate 1k;',
    );
  });
});

test('pairs are measured in turn: A B B A', () => {
  expect(turns(3)).toEqual(['without', 'with', 'with', 'without', 'without', 'with']);
});

test('a ratio is that of the medians, with the middle half of the pairs', () => {
  expect(ratio([100, 200, 300, 400], [99, 196, 300, 380])).toEqual({
    ofMedians: 0.992,
    quartiles: [0.95, 0.99],
  });
});

test('what callgrind counted stands behind totals:', () => {
  expect(readTotal('events: Ir\nsummary: 7\ntotals: 123456\n')).toBe(123456);
  expect(() => readTotal('events: Ir\n')).toThrow('callgrind left no total');
});

test.each([
  [1000, true],
  [981, true],
  [979, false],
])('%i requests/s of 1000 reach the goal: %s', (requestsPerSecond, isReached) => {
  const turn = (value: number) => ({ requestsPerSecond: value, p99: 1, cpu: 10, busy: 1 });
  const run = { without: [turn(1000)], with: [turn(requestsPerSecond)] };
  expect(reachesGoal(run as Run)).toBe(isReached);
});
