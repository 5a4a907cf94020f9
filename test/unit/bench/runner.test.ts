import { fillPlace, table } from '../../../bench/runner/publish';
import {
  choice,
  choices,
  count,
  countOr0,
  durations,
  helpOf,
  levels,
  readSettings,
  unknownSettings,
} from '../../../bench/runner/settings';

const ENGINES = ['njs', 'qjs'] as const;
const fields = {
  RATE: count('7', 'per second'),
  EARLIER: countOr0('100', 'jobs'),
  SPREAD: durations('0s,2s', 'a list'),
  ENGINE: choice(ENGINES, 'njs', 'of njs'),
  KINDS: choices(ENGINES, 'njs,qjs', 'a list'),
  LEVELS: levels('10x2s', 'a list'),
};

test('a setting that is not given, or empty, has its default', () => {
  const defaults = {
    RATE: 7,
    EARLIER: 100,
    SPREAD: [0, 2000],
    ENGINE: 'njs',
    KINDS: ['njs', 'qjs'],
    LEVELS: [{ clients: 10, ms: 2000 }],
  };
  expect(readSettings(fields, {})).toEqual(defaults);
  expect(readSettings(fields, { RATE: '', ENGINE: '', LEVELS: '' })).toEqual(defaults);
});

test('values are read, lists with commas or spaces', () => {
  const env = {
    RATE: '8',
    EARLIER: '0',
    SPREAD: '250ms, 2m',
    KINDS: ' qjs njs ',
    LEVELS: '1000x30s,5x250ms',
  };
  expect(readSettings(fields, env)).toEqual({
    ...{ RATE: 8, EARLIER: 0, SPREAD: [250, 120_000], ENGINE: 'njs' },
    KINDS: ['qjs', 'njs'],
    LEVELS: [
      { clients: 1000, ms: 30_000 },
      { clients: 5, ms: 250 },
    ],
  });
});

test.each([
  [{ RATE: '0' }, 'RATE=0: not a whole number of 1 or more'],
  [{ RATE: '1.5' }, 'RATE=1.5: not a whole number'],
  [{ RATE: '1,2' }, 'RATE=1,2: not a whole number'],
  [{ EARLIER: '-1' }, 'EARLIER=-1: not a whole number'],
  [{ LEVELS: '1x1s,,2x1s' }, 'LEVELS=1x1s,,2x1s: not clients and a duration, such as 1000x30s'],
  [{ LEVELS: '10x0s' }, 'LEVELS=10x0s: not clients and a duration'],
  [{ LEVELS: '30s' }, 'LEVELS=30s: not clients and a duration'],
  [{ SPREAD: '0s,soon' }, 'SPREAD=0s,soon: not a duration, such as 250ms, 10s or 2m'],
  [{ ENGINE: 'v8' }, 'ENGINE=v8: unknown; possible values: njs qjs'],
  [{ KINDS: 'njs,v8' }, 'KINDS=njs,v8: unknown; possible values: njs qjs'],
])('%j is rejected: %s', (env, message) => {
  expect(() => readSettings(fields, env)).toThrow(message);
});

test('the help has a line for each setting, with its default', () => {
  const [first, ...others] = helpOf(fields).trimEnd().split('\n');
  expect(first).toBe('  RATE     per second (7)');
  expect(others).toHaveLength(5);
});

test.each([
  ['', []],
  ['s -- RATE=2 SPREAD=1s\\ 2s', []],
  [' -- HOLD=500 RATE=2', ['HOLD']],
  ['s -j2 --jobserver-auth=fifo:/tmp/x -- SECONDS=5', ['SECONDS']],
])('with MAKEFLAGS="%s", the unknown settings are %j', (makeFlags, unknown) => {
  expect(unknownSettings(Object.keys(fields), makeFlags)).toEqual(unknown);
});

test('a marked place can be filled repeatedly; a missing one is an error', () => {
  const text = 'a\n<!-- x -->\n<!-- /x -->\nb';
  const filled = 'a\n<!-- x -->\n\nnew\n\n<!-- /x -->\nb';
  expect(fillPlace(text, 'x', 'new\n')).toBe(filled);
  expect(fillPlace(filled, 'x', 'new\n')).toBe(filled);
  expect(() => fillPlace(text, 'y', 'new')).toThrow('<!-- y --> … <!-- /y --> is missing');
});

test('figures in a table are aligned right', () => {
  expect(table(['', 'calls'], [['nchan', '1']])).toBe(
    '|       | calls |\n| ----- | ----: |\n| nchan |     1 |\n',
  );
});
