import { isPublished, readSettings } from '../../../../load/comparison/settings';
import { systems } from '../../../../load/comparison/systems';

test('the published load on all systems is the default', () => {
  expect(readSettings({})).toEqual({
    systems,
    connections: 200,
    requests: 2000,
    jobMs: 10_000,
    spreadsMs: [0, 2000],
    limitMs: 240_000,
  });
});

test('systems are chosen by name, in the order that is given', () => {
  const { systems: chosen } = readSettings({ SYSTEMS: ' offload, lua ' });
  expect(chosen.map(({ name }) => name)).toEqual(['offload', 'lua']);
});

test('a variable that make hands on empty is one that is not given', () => {
  expect(readSettings({ SYSTEMS: '', JOB: '' })).toEqual(readSettings({}));
});

test.each([
  [{}, true],
  [{ JOB: '10s', SPREAD: '0s,2s' }, true],
  [{ SYSTEMS: 'offload' }, false],
  [{ REQUESTS: '2001' }, false],
  [{ SPREAD: '0s' }, false],
  [{ LIMIT: '1m' }, false],
])('%j is published: %p', (env, expected) => {
  expect(isPublished(readSettings(env))).toBe(expected);
});

test.each([
  [{ SYSTEMS: 'ofload' }, 'SYSTEMS=ofload: there is no such; there are uwsgi-blocking'],
  [{ CONNECTIONS: '0' }, 'CONNECTIONS=0: not a whole number from 1 on'],
  [{ REQUESTS: 'many' }, 'REQUESTS=many: not a whole number'],
  [{ REQUESTS: '199' }, 'REQUESTS=199: fewer than CONNECTIONS'],
  [{ JOB: '10 s' }, 'JOB=10 s: not a duration, such as 250ms, 10s or 2m'],
  [{ JOB: '0s', SPREAD: '0s' }, 'JOB=0 ms: less than 1 ms, or than SPREAD'],
  [{ SPREAD: '0s,11s' }, 'JOB=10000 ms: less than 1 ms, or than SPREAD'],
  [{ LIMIT: 'soon' }, 'LIMIT=soon: not a duration'],
  [{ LIMIT: '0s' }, 'LIMIT=0 ms: less than 1 ms'],
])('%j is refused: %s', (env, message) => {
  expect(() => readSettings(env)).toThrow(message);
});
