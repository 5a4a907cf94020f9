import { isPublished, readSettings } from '../../../../load/comparison/settings';
import { systems } from '../../../../load/comparison/systems';

test('the default is the published load on all systems', () => {
  expect(readSettings({})).toEqual({
    systems,
    connections: 200,
    requests: 2000,
    jobMs: 10_000,
    spreadsMs: [0, 2000],
    limitMs: 240_000,
    earlier: 100,
  });
});

test('systems are selected by name, in the given order', () => {
  const { systems: selected } = readSettings({ SYSTEMS: ' offload, lua ' });
  expect(selected.map(({ name }) => name)).toEqual(['offload', 'lua']);
});

test('an empty variable is the same as an unset one', () => {
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
  [{ SYSTEMS: 'ofload' }, 'SYSTEMS=ofload: unknown; possible values: uwsgi-blocking'],
  [{ CONNECTIONS: '0' }, 'CONNECTIONS=0: not a whole number of 1 or more'],
  [{ REQUESTS: 'many' }, 'REQUESTS=many: not a whole number'],
  [{ REQUESTS: '199' }, 'REQUESTS=199: fewer than CONNECTIONS'],
  [{ JOB: '10 s' }, 'JOB=10 s: not a duration, such as 250ms, 10s or 2m'],
  [{ JOB: '0s', SPREAD: '0s' }, 'JOB=0 ms: less than 1 ms, or than SPREAD'],
  [{ SPREAD: '0s,11s' }, 'JOB=10000 ms: less than 1 ms, or than SPREAD'],
  [{ LIMIT: 'soon' }, 'LIMIT=soon: not a duration'],
  [{ LIMIT: '0s' }, 'LIMIT=0 ms: less than 1 ms'],
])('%j is rejected: %s', (env, message) => {
  expect(() => readSettings(env)).toThrow(message);
});
