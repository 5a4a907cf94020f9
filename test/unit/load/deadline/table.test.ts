import { percentile } from '../../../../load/deadline/load';
import type { Results } from '../../../../load/deadline/results';
import { DEADLINE_S, DEFAULTS, NGINX_TIMEOUT_S } from '../../../../load/deadline/settings';
import { table } from '../../../../load/deadline/table';
import { configuration, uwsgiArguments } from '../../../../load/deadline/ways';

const machine = { cores: 2, cpu: 'a CPU', memoryGiB: 8, kernel: '6', loadBefore: 0 };

test('without right responses there are no percentiles, also after reading JSON', () => {
  const results: Results = {
    taken: '2026-11-24T00:00:00Z',
    machine,
    settings: DEFAULTS,
    runs: [
      {
        way: 'timeout',
        fast: { asked: 200, right: 0, p50: Number.NaN, p99: Number.NaN },
        reports: { asked: 18, right: 0 },
        busy: 3.96,
      },
    ],
  };
  const line = /0 of 200 \| +0\.0 % \| +none \| +none \| +4\.0 of 4 \| +18 \| +0 of 6/;
  expect(table(results)).toMatch(line);
  expect(table(JSON.parse(JSON.stringify(results)))).toMatch(line);
});

test.each([
  [[], 99, Number.NaN],
  [[5], 50, 5],
  [[3, 1, 2], 50, 2],
  [Array.from({ length: 100 }, (_, i) => i + 1), 99, 99],
])('of %j, percentile %d is %d', (values, percent, value) => {
  expect(percentile(values, percent)).toBe(value);
});

test('uWSGI enforces its deadline, up to 2 s late, before the timeout of nginx', () => {
  expect(DEADLINE_S + 2).toBeLessThanOrEqual(NGINX_TIMEOUT_S);
});

test('only the configurations with deadlines include them', () => {
  expect(configuration('timeout', 1, 2)).toContain(`uwsgi_read_timeout ${NGINX_TIMEOUT_S}s;`);
  expect(configuration('timeout', 1, 2)).not.toContain('deadline/uwsgi.conf');
  expect(uwsgiArguments('timeout', 1, 2).join(' ')).not.toContain('deadlines.ini');
  expect(uwsgiArguments('deadline', 1, 2).join(' ')).toContain('deadlines.ini');
});
