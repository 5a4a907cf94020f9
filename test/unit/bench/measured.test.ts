/** What the benchmarks but `make bench` configure and compute. */

import { readFileSync } from 'node:fs';
import deadline from '../../../bench/deadline/benchmark';
import { meanWork, medianFigures } from '../../../bench/farm/benchmark';
import * as farm from '../../../bench/farm/systems';
import { goalVerdict, ratio } from '../../../bench/overhead/benchmark';
import { type Run as OverheadRun, readTotal } from '../../../bench/overhead/measure';
import { configuration, type Step, steps } from '../../../bench/overhead/steps';
import { readSettings } from '../../../bench/runner/settings';
import { readSystems } from '../../../bench/runner/system';
import scale from '../../../bench/scale/benchmark';

const figuresOf = (name: string) => JSON.parse(readFileSync(`bench/results/${name}.json`, 'utf8'));

describe('bench-deadline', () => {
  test('without right responses there are no percentiles', () => {
    const results = figuresOf('deadline');
    results.measured[0].fast = { asked: 200, right: 0, p50: null, p99: null };
    expect(deadline.tables(results)).toMatch(/0 of 200 \| +0\.0 % \| +– \| +– \|/);
  });

  test('uWSGI enforces its deadline, up to 2 s late, before the timeout of nginx', () => {
    const [timeout] = readSystems('bench/deadline');
    const { 'location.conf': location = '', 'nginx.conf': nginx = '' } = timeout?.files ?? {};
    const seconds = Number(/uwsgi_read_timeout (\d+)s;/.exec(location)?.[1]);
    expect(Number(/offload_deadline \{ default (\d+);/.exec(nginx)?.[1]) + 2).toBeLessThanOrEqual(
      seconds,
    );
  });
});

describe('bench-farm', () => {
  test('one disturbed round does not change the medians', () => {
    const round = (ms: number) => ({ mean: ms, spread: ms, p50: ms, p95: ms, p99: ms });
    expect(medianFigures([round(15), round(16), round(700)])).toEqual(round(16));
  });

  test('the mean work is the weighted mean of the mix', () => {
    const mix = { FAST: 5, SLOW: 500, SLOW_PERCENT: 10 } as Parameters<typeof meanWork>[0];
    expect(meanWork(mix)).toBe(54.5);
  });

  test('all systems have as many processes, and each socket of nginx belongs to one uWSGI', () => {
    for (const systems of [farm.waiting(8), farm.computing(8, 10)]) {
      const conf = farm.configuration(systems, '/tmp/farm', 80);
      for (const system of systems) {
        expect(system.servers * system.processes).toBe(8);
        const texts = farm.vassals(system, '/tmp/farm').map(([, text]) => text);
        for (const socket of farm.sockets(system, '/tmp/farm')) {
          expect(conf).toContain(`server unix:${socket} `);
          expect(texts.filter((text) => text.includes(socket))).toHaveLength(1);
        }
      }
    }
  });
});

describe('bench-overhead', () => {
  const all = steps('njs');

  test('the steps start without the offload', () => {
    expect(configuration(all[0] as Step, 'proxy', 1)).not.toMatch(
      /offload\/\w+\.conf|\$offload|js_|limit_conn|418/,
    );
  });

  test('each step keeps the parts of the steps before; the last two are optional', () => {
    for (const [i, step] of all.entries()) {
      const before = all[i - 1] ?? step;
      for (const place of ['MAIN', 'HTTP', 'SERVER', 'LOCATION', 'LOG_FORMAT'] as const) {
        expect(step.lines[place].startsWith(before.lines[place])).toBe(true);
      }
    }
    const optional = all.map(({ isOptional }) => isOptional);
    expect(optional.indexOf(true)).toBe(all.length - 2);
    expect(optional.slice(-2)).toEqual([true, true]);
  });

  test.each([
    [5, undefined],
    [6, [1, 6]],
    [9, [2, 8]],
    [40, [14, 27]],
  ])(
    'the 95 %% confidence interval of the median of %i pairs is between ranks %p',
    (pairs, ranks) => {
      const values = Array.from({ length: pairs }, (_, i) => i + 1);
      const found = ratio(new Array(pairs).fill(1), values);
      expect(found.interval).toEqual(ranks ?? [Number.NaN, Number.NaN]);
      expect(found.medianRatio).toBe((pairs + 1) / 2);
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
  ])('the goal is %s for pairs of 1000 and %p requests per second of CPU time', (said, taken) => {
    const sample = (value: number) => ({ requestsPerSecond: 1, p99: 1, cpu: 1e6 / value, busy: 1 });
    const run = { without: taken.map(() => sample(1000)), with: taken.map(sample) };
    expect(goalVerdict(run as OverheadRun)).toBe(said);
  });
});

describe('bench-scale', () => {
  const wrong = (env: Record<string, string>) => scale.check?.(readSettings(scale.settings, env));

  test('more clients than open files, and clients that leave before the last ones come, are rejected', () => {
    expect(wrong({ LEVELS: '1000x30s' })).toBeUndefined();
    expect(wrong({ LEVELS: '1000x30s,999999x9999s' })).toMatch(/^LEVELS=999999x.*open files/);
    expect(wrong({ LEVELS: '1000x3s', RATE: '300' })).toMatch(/^LEVELS=1000x3000ms: at RATE=300 /);
  });
});
