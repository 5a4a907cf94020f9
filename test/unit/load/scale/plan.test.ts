import { duration, estimate } from '../../../../load/scale/estimate';
import { GOALS } from '../../../../load/scale/goals';
import { isSame, plan } from '../../../../load/scale/plan';
import { isPublished, readSettings } from '../../../../load/scale/settings';

const named = (engine: 'njs' | 'qjs') =>
  plan(engine, undefined, undefined).map(({ held, seconds }) => `${held} ${seconds}`);

test('by default the number grows at one length, and the length at one number', () => {
  const lines = ['1000 30', '2000 30', '5000 30', '10000 30', '2000 10', '2000 60', '2000 300'];
  expect(named('qjs')).toEqual(lines);
  expect(named('njs')).toEqual([...lines, '10000 300']);
});

test('the crowd of each goal is held by default, once', () => {
  for (const goal of GOALS) {
    const crowds = plan(goal.engine, undefined, undefined);
    expect(crowds.filter((crowd) => isSame(crowd, goal))).toHaveLength(1);
  }
});

test('what is given is run each with each', () => {
  expect(plan('njs', [1, 2], [10, 60])).toHaveLength(4);
  expect(plan('njs', [50], undefined)).toEqual([{ held: 50, seconds: 30 }]);
  expect(plan('njs', undefined, [60])).toEqual([{ held: 2000, seconds: 60 }]);
});

test('the default plan of both engines is over in less than 40 minutes', () => {
  const { arrivals, engineOf } = readSettings({});
  expect(engineOf).toEqual({ trixie: 'njs', forky: 'qjs' });
  const crowds = [...plan('njs', undefined, undefined), ...plan('qjs', undefined, undefined)];
  const seconds = crowds.reduce((sum, crowd) => sum + crowd.seconds, 0);
  expect(estimate(crowds, arrivals)).toBeGreaterThan(seconds);
  expect(estimate(crowds, arrivals)).toBeLessThan(40 * 60);
});

test('a time is told in the unit that suits it', () => {
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
