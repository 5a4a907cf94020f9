/** What @offload_fault does with a held request. */

import { decideOnFault, type Fault } from '../../../src/wait/decide';

const fault = (more: Partial<Fault>): Fault => ({
  isOverLimit: false,
  outcome: '',
  failures: 0,
  waited: 1_000,
  timeout: 60_000,
  random: 0.5,
  ...more,
});

test('past a limit the request is rejected, and its job cancelled', () => {
  expect(decideOnFault(fault({ isOverLimit: true }))).toEqual({ do: 'reject', isCancelled: true });
});

test.each([
  ['timeout', 504],
  ['timeout_in_poll', 504],
  ['refused', 502],
])('the outcome %s is answered with %d', (outcome, status) => {
  expect(decideOnFault(fault({ outcome, failures: 9 }))).toEqual({ do: 'answer', status });
});

test('a long header is repeated at once, after any number of failures', () => {
  const outcome = 'long_header';
  expect(decideOnFault(fault({ outcome, failures: 9 }))).toEqual({ do: 'again', pause: 0 });
});

test.each([
  [0, 0, 200],
  [0, 1, 400],
  [1, 0, 1_600],
  [2, 0.5, 19_200],
])('failure %d with jitter %d pauses for %d ms', (failures, random, pause) => {
  expect(decideOnFault(fault({ failures, random }))).toEqual({ do: 'again', pause });
});

test('the fourth failure is rejected, and its job is not cancelled', () => {
  expect(decideOnFault(fault({ failures: 3 }))).toEqual({ do: 'reject', isCancelled: false });
});

test('no pause goes beyond the timeout', () => {
  expect(decideOnFault(fault({ failures: 2, waited: 59_000 }))).toEqual({
    do: 'again',
    pause: 1_000,
  });
  expect(decideOnFault(fault({ failures: 2, waited: 61_000 }))).toEqual({ do: 'again', pause: 0 });
});
