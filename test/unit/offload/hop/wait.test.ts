/** A wait in several requests: what each one leaves to the next. */

import { hopAt } from '../../../../src/offload/hop/due';
import {
  afterHop,
  afterTimeout,
  endOf,
  keepRest,
  pathOf,
  type Rest,
  readRest,
} from '../../../../src/offload/hop/wait';
import { LONGEST_TIMEOUT_MS, readTimeout } from '../../../../src/offload/schedule/settings';

const TIMEOUT = 600_000;
const HOP = 50_000;
const first = (mostHops = '') => readRest('', TIMEOUT, mostHops, '50s');
const last: Rest = { hops: 0, mostHops: 5, end: TIMEOUT, timeout: TIMEOUT, hop: '50s' };

/** What a request that comes with a token has of the one that gave it, as njs keeps it in a variable. */
const kept = (rest: Rest) => readRest(keepRest(rest), 1, '9', '7s');

/** Requests of a client that is sent on as often as it may be: when each begins, and when its wait ends. */
function chain(rest: Rest, from: number): { begins: number; ends: number }[] {
  const requests: { begins: number; ends: number }[] = [];
  let its = rest;
  let begins = from;
  while (its.hops > 0) {
    its = kept(afterHop(its));
    begins += HOP;
    requests.push({ begins, ends: endOf(its, begins, HOP) });
  }
  return requests;
}

test('a client is sent on five times, and the last request ends where it would be sent on again', () => {
  const requests = chain(first(), 0);
  expect(requests.map(({ begins }) => begins)).toEqual([
    50_000, 100_000, 150_000, 200_000, 250_000,
  ]);
  expect(requests.map(({ ends }) => ends)).toEqual([TIMEOUT, TIMEOUT, TIMEOUT, TIMEOUT, 297_900]);
});

test.each([
  ['1', 1],
  ['20', 20],
  ['2.9', 2],
  ['0', 5],
  ['-1', 5],
  ['21', 5],
  ['20.5', 5],
  ['many', 5],
  ['NaN', 5],
  ['', 5],
])('with $offload_most_hops %j it is sent on %d times', (mostHops, times) => {
  expect(chain(first(mostHops), 0)).toHaveLength(times);
});

test('a timeout that is sooner ends the last request', () => {
  expect(endOf({ ...last, end: 260_000 }, 250_000, HOP)).toBe(260_000);
});

test('without a hop, a client that comes back waits until the end', () => {
  expect(endOf(last, 10_000, 0)).toBe(TIMEOUT);
});

test('the end is a timeout that can be read, whatever part of a ms has passed', () => {
  expect(readTimeout(`${endOf(last, 250_000.4, HOP)}ms`)).toBe(297_900);
});

test('a client that comes back after the timeout has as much time again, and as many hops', () => {
  const [rest] = [kept(afterHop(kept(afterHop(first('2')))))];
  expect(rest).toMatchObject({ hops: 0, mostHops: 2 });
  const again = kept(afterTimeout(rest, 150_000));
  expect(again).toEqual({
    hops: 2,
    mostHops: 2,
    end: 150_000 + TIMEOUT,
    timeout: TIMEOUT,
    hop: '50s',
  });
  expect(kept(afterTimeout(again, 700_000)).end).toBe(700_000 + TIMEOUT);
  expect(chain(again, 150_000).map(({ ends }) => ends)).toEqual([750_000, 297_900]);
});

test('the last request ends as long before the hop as a client is sent on', () => {
  expect(endOf(last, HOP, HOP)).toBe(hopAt(HOP, HOP, 0) - 100);
});

test.each(['', '50s', '1m 30s', 'soon', ' 1m  30s '])(
  'each request has the hop %j of the first one, whatever $offload_hop is there',
  (hop) => {
    const rest = readRest('', TIMEOUT, '', hop);
    expect(kept(rest)).toEqual(rest);
    expect(kept(afterHop(kept(rest))).hop).toBe(hop);
  },
);

test('a client that comes back after its last hop is sent on again', () => {
  const again = kept(afterTimeout(kept({ ...last, hop: '1m 30s' }), TIMEOUT));
  expect(again).toMatchObject({ hops: 5, hop: '1m 30s' });
});

test('no wait is longer than a day', () => {
  const hour = 3_600_000;
  const rest = readRest('', hour, '', '');
  expect(afterTimeout(rest, 22 * hour).end).toBe(23 * hour);
  expect(afterTimeout(rest, 23.5 * hour).end).toBe(LONGEST_TIMEOUT_MS);
  expect(afterTimeout(rest, 30 * hour).end).toBe(LONGEST_TIMEOUT_MS);
});

test('what a request leaves does not change what it has', () => {
  const rest = Object.freeze(first());
  afterHop(rest);
  afterTimeout(rest, 1_000);
  expect(rest).toEqual({ ...last, hops: 5 });
});

test.each([
  ['/a/b?c=/d?e', '/a/b'],
  ['/a//b?c', '/a//b'],
  ['/%2Fa', '/%2Fa'],
  ['/', '/'],
  ['', '/'],
  ['?a', '/'],
  // each of these is another host to a browser
  ['//evil.example/x', '/evil.example/x'],
  ['///evil.example/x', '/evil.example/x'],
  ['/\\evil', '/evil'],
  ['\\\\evil', '/evil'],
  ['/\\/\\evil?x', '/evil'],
])('a Location for %j has the path %j, on this host', (requestUri, path) => {
  expect(pathOf(requestUri)).toBe(path);
  expect(new URL(`${path}?offload_continue=a`, 'https://own.example').host).toBe('own.example');
});
