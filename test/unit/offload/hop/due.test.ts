/** When a held client is sent on. */

import {
  beforeHop,
  hopAt,
  hopOutcome,
  LONGEST_HOP_MS,
  readHop,
  readSentOn,
} from '../../../../src/offload/hop/due';
import { MOST_STEPS, stepsMs } from '../../../../src/offload/schedule/pause';

/** Of a request, by `$msec $request_time` while it goes on. */
const began = (now: string) => readSentOn(`50s;off;;${now.replace(' ', ';')}`).began;

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

test('time counts from the begin of the request, and leaves a twenty-fifth for the way to the client', () => {
  const since = 1_700_000_000_000;
  expect(hopAt(50_000, began('1700000000.000 0.000'), since)).toBe(48_000);
  // the app took 3 s to answer with the signal
  expect(hopAt(50_000, began('1700000000.000 3.000'), since)).toBe(45_000);
  // a later request of the same client
  expect(hopAt(50_000, began('1700000100.250 0.250'), since)).toBe(148_000);
});

test.each([
  [1_000, 960],
  [50_000, 48_000],
  [LONGEST_HOP_MS, 288_000],
])('of %d ms a request is held for %d ms', (hop, held) => {
  expect(beforeHop(hop)).toBe(held);
  expect(hopAt(hop, began('0.000 0.000'), 0)).toBe(held);
});

test('it is the same at each attempt of a request', () => {
  const since = 1_700_000_000_000;
  const times = ['1700000001.000 1.000', '1700000031.500 31.500', '1700000049.999 49.999'];
  expect(times.map((now) => Math.round(hopAt(50_000, began(now), since)))).toEqual([
    48_000, 48_000, 48_000,
  ]);
});

test('an app that took longer than a request may leaves a time that has passed', () => {
  expect(hopAt(1_000, began('1700000000.000 60.000'), 1_700_000_000_000)).toBeLessThan(0);
});

test.each([0, undefined])('%p: the client is not sent on', (hop) => {
  expect(hopAt(hop, began('1700000000.000 0.000'), 0)).toBe(Number.POSITIVE_INFINITY);
});

test('the outcome says when the next poll is due, in whole ms', () => {
  expect(hopOutcome(0)).toBe('hop=0');
  expect(hopOutcome(12_345.678)).toBe('hop=12346');
});

test.each([
  // without hop/http.conf, and with it but no setting
  ['', '', false, 0, 0],
  [';off;;1700000000.000;0.000', '', false, 0, 1_700_000_000_000],
  ['1m 30s;on;;1700000000.500;0.250', '1m 30s', true, 0, 1_700_000_000_250],
  [';on;61000;1700000000.000;1.000', '', true, 61_000, 1_699_999_999_000],
  ['50s;ON;0;0;0', '50s', false, 0, 0],
  // what is left of a hop that is off
  [';;9000', '', false, 9_000, 0],
])('%j of a client that is sent on is read', (text, hop, continues, next, ms) => {
  expect(readSentOn(text)).toEqual({ hop, continues, next, began: ms });
});
