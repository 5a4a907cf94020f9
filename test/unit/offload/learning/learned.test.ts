import { hashOf } from '../../../../src/offload/app/hash.njs';
import * as learned from '../../../../src/offload/learning/learned';

const { readOutcomes, writeOutcome } = learned;
const routeOf = (route: string, url: string) => learned.routeOf(route, url, hashOf);

test('a route with a name has files of that name', () => {
  expect(routeOf('reports', '/poll')).toBe('route-reports');
});

test.each(['', 'other'])(
  'without a name (%j), the path of the signal stands for the route',
  (route) => {
    const name = routeOf(route, '/poll/reports?part=1');
    expect(name).toMatch(/^path-[0-9a-f]+$/);
    expect(routeOf(route, '/poll/reports?part=2')).toBe(name);
    expect(routeOf(route, '/poll/labels')).not.toBe(name);
  },
);

test('any path makes a name for a file', () => {
  for (const path of ['', '/', '/../..', '/a%2fb', '/\u0000', `/${'a'.repeat(5_000)}`]) {
    expect(routeOf('', path)).toMatch(/^path-[0-9a-f]{1,8}$/);
  }
});

test('outcomes are lines that can be read back, in whole ms that hold the job', () => {
  const log = writeOutcome({ from: 100.7, to: 200.2 }) + writeOutcome({ from: 0, to: 50 });
  expect(log).toBe('100 201\n0 50\n');
  expect(readOutcomes(log)).toEqual([
    { from: 100, to: 201 },
    { from: 0, to: 50 },
  ]);
});

test.each([
  ['nothing', ''],
  ['no end of the line', '1 2'],
  ['one number', '12\n'],
  ['words', 'a b\n'],
  ['an end before the start', '5 3\n'],
  ['a negative start', '-5 3\n'],
  ['bytes', '\u0000\u0001 \ufffd\n'],
])('a line that can not be read is left out: %s', (_, line) => {
  expect(readOutcomes(`${line}`)).toEqual([]);
  expect(readOutcomes(`1 2\n${line}`).length).toBe(1);
});
