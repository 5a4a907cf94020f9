import type { Outcome, Results, Times } from '../../../../load/cache/results';
import { isPublished, readSettings } from '../../../../load/cache/settings';
import { tables } from '../../../../load/cache/table';

const times = (mean: number): Times => ({ mean, p50: mean, p95: mean, requests: 100 });

const outcome = (way: Outcome['way'], wrong = 0): Outcome => ({
  way,
  visited: {
    all: times(250.4),
    anonymous: times(0.44),
    loggedIn: times(251),
    ...{ wrong, fromCache: 80, dropped: 0 },
  },
  calls: 20,
  crowd: { right: 100, jobs: 1, seconds: 5.44 },
});

const results = (wrong: number): Results => ({
  taken: '2026-11-24T12:00:00Z',
  machine: { cores: 2, cpu: 'a CPU', memoryGiB: 8, kernel: '6', loadBefore: 0 },
  nginx: { release: 'trixie', nginx: '1.26.3', njs: '0.8.9', engine: 'njs' },
  ...{ rate: 30, seconds: 60, pages: 20, loggedIn: 10, lengthMs: 250, ttlMs: 10_000 },
  ...{ visitors: 100, reportMs: 5000 },
  outcomes: [outcome('not cached'), outcome('cached', wrong)],
});

test('a table has a column for each configuration, and one for the published figures', () => {
  const text = tables(results(0));
  expect(text).toMatch(/\| +\| not cached \| +cached \| +published \|/);
  expect(text).toMatch(/all visitors: mean +\| +250 ms \| +250 ms \| 250 ms, then under 50 ms/);
  expect(text).toMatch(/anonymous: p50 +\| +0\.4 ms/);
  expect(text).toMatch(/from the cache +\| +80 %/);
  expect(text).toContain('Each visitor got the right page.');
});

test('wrong responses are counted below the table', () => {
  expect(tables(results(3))).toContain('3 responses were wrong');
});

test('only figures of the default settings are published', () => {
  expect(isPublished(readSettings({}))).toBe(true);
  expect(isPublished(readSettings({ RATE: '31' }))).toBe(false);
});

test.each([{ TTL: '500ms' }, { OFFLOAD_MATRIX: 'trixie,forky' }, { RATE: '0' }])(
  'the setting %j is rejected',
  (env) => {
    expect(() => readSettings(env)).toThrow();
  },
);
