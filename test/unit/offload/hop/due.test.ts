/** When a held client is sent on. */

import { hopAt, hopOutcome, LONGEST_HOP_MS, readHop } from '../../../../src/offload/hop/due';
import { MOST_STEPS, stepsMs } from '../../../../src/offload/schedule/pause';

test.each([
  ['', 0],
  ['1s', 1_000],
  ['50', 50_000],
  ['1m 30s', 90_000],
  ['5m', 300_000],
])('%j is %d ms', (text, ms) => {
  expect(readHop(text)).toBe(ms);
});

test.each(['0', '0s', '999ms', '300001ms', '1d', 'off', '-1s', '1.5s', ' 50s', '50s '])(
  '%j is refused',
  (text) => {
    expect(readHop(text)).toBeUndefined();
  },
);

test('steps reach to the longest time', () => {
  expect(stepsMs(MOST_STEPS)).toBeGreaterThanOrEqual(LONGEST_HOP_MS);
});

test('time counts from the begin of the request, and leaves a fiftieth for the way to the client', () => {
  const since = 1_700_000_000_000;
  expect(hopAt(50_000, '1700000000.000 0.000', since)).toBe(49_000);
  // the app took 3 s to answer with the signal
  expect(hopAt(50_000, '1700000000.000 3.000', since)).toBe(46_000);
  // a later request of the same client
  expect(hopAt(50_000, '1700000100.250 0.250', since)).toBe(149_000);
});

test('it is the same at each attempt of a request', () => {
  const since = 1_700_000_000_000;
  const times = ['1700000001.000 1.000', '1700000031.500 31.500', '1700000049.999 49.999'];
  expect(times.map((now) => Math.round(hopAt(50_000, now, since)))).toEqual([
    49_000, 49_000, 49_000,
  ]);
});

test('an app that took longer than a request may leaves a time that has passed', () => {
  expect(hopAt(1_000, '1700000000.000 60.000', 1_700_000_000_000)).toBeLessThan(0);
});

test.each([0, undefined])('%p: the client is not sent on', (hop) => {
  expect(hopAt(hop, '1700000000.000 0.000', 0)).toBe(Number.POSITIVE_INFINITY);
});

test('the outcome says when the next poll is due, in whole ms', () => {
  expect(hopOutcome(0)).toBe('hop 0');
  expect(hopOutcome(12_345.678)).toBe('hop 12346');
});
