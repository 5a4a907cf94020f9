import { duration, estimate } from '../../../../load/scale/estimate';
import { GOALS } from '../../../../load/scale/goals';
import { isSame, plan } from '../../../../load/scale/plan';
import { isPublished, readSettings } from '../../../../load/scale/settings';

const named = (engine: 'njs' | 'qjs') =>
  plan(engine, undefined, undefined).map(({ held, seconds }) => `${held} ${seconds}`);

test('the default plan varies the number of clients, then the length of the jobs', () => {
  const series = ['1000 30', '2000 30', '5000 30', '10000 30', '2000 10', '2000 60', '2000 300'];
  expect(named('qjs')).toEqual(series);
  expect(named('njs')).toEqual([...series, '10000 300']);
});

test('the default plan has the level of each goal once', () => {
  for (const goal of GOALS) {
    const levels = plan(goal.engine, undefined, undefined);
    expect(levels.filter((level) => isSame(level, goal))).toHaveLength(1);
  }
});

test('given values are combined', () => {
  expect(plan('njs', [1, 2], [10, 60])).toHaveLength(4);
  expect(plan('njs', [50], undefined)).toEqual([{ held: 50, seconds: 30 }]);
  expect(plan('njs', undefined, [60])).toEqual([{ held: 2000, seconds: 60 }]);
});

test('the default plan of both engines is estimated at less than 40 minutes', () => {
  const { arrivals, engineOf } = readSettings({});
  expect(engineOf).toEqual({ trixie: 'njs', forky: 'qjs' });
  const levels = [...plan('njs', undefined, undefined), ...plan('qjs', undefined, undefined)];
  const seconds = levels.reduce((sum, level) => sum + level.seconds, 0);
  expect(estimate(levels, arrivals)).toBeGreaterThan(seconds);
  expect(estimate(levels, arrivals)).toBeLessThan(40 * 60);
});

test('a duration is in seconds or minutes', () => {
  expect(duration(17.2)).toBe('18 s');
  expect(duration(1500)).toBe('25 minutes');
});

test.each([
  [{}, true],
  [{ OUT: 'elsewhere' }, true],
  [{ HELD: '2000' }, false],
  [{ SECONDS: '30' }, false],
  [{ RATE: '1000' }, false],
  [{ WORKERS: '4' }, false],
  [{ ENGINE: 'njs' }, false],
  [{ OFFLOAD_MATRIX: 'trixie,forky' }, false],
])('%j is published: %p', (env, expected) => {
  expect(isPublished(readSettings(env))).toBe(expected);
});
