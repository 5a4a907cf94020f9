/** What @offload_fault does with a held request. */

import { decideOnFault, type Fault } from '../../../../src/offload/held/fault';
import { wayOf } from '../../../../src/offload/held/ways';

const POLLING = wayOf({ offload_url: '/poll' });
const REDIS = wayOf({ offload_url: '/poll', offload_celery: 'a' });

const fault = (more: Partial<Fault>): Fault => ({
  isOverLimit: false,
  isBack: false,
  way: POLLING,
  isPublic: false,
  isSentOn: false,
  isQuit: false,
  continues: false,
  canContinue: false,
  canPoll: true,
  isListening: true,
  outcome: '',
  failures: 0,
  waited: 1_000,
  timeout: 60_000,
  random: 0.5,
  ...more,
});

test('past a limit the request is rejected, and its job cancelled', () => {
  expect(decideOnFault(fault({ isOverLimit: true }))).toEqual({ do: 'reject', mustCancel: true });
});

test.each([
  ['timeout', 504],
  ['timeout_in_poll', 504],
  ['refused', 502],
])('the outcome %s is answered with %d', (outcome, status) => {
  expect(decideOnFault(fault({ outcome, failures: 9 }))).toEqual({
    do: 'answer',
    status,
    mustCancel: false,
  });
});

test('a long header is repeated at once, after any number of failures', () => {
  const outcome = 'long_header';
  expect(decideOnFault(fault({ outcome, failures: 9 }))).toEqual({
    do: 'again',
    at: '@offload_again',
    isReplaced: false,
    pause: 0,
  });
});

test.each([
  [0, 0, 200],
  [0, 1, 400],
  [1, 0, 1_600],
  [2, 0.5, 19_200],
])('failure %d with jitter %d pauses for %d ms', (failures, random, pause) => {
  expect(decideOnFault(fault({ failures, random }))).toEqual({
    do: 'again',
    at: '@offload_again',
    isReplaced: false,
    pause,
  });
});

test.each(['streamed', 'streamed, timeout', 'timeout, timeout', 'constructor'])(
  '%p is no outcome: the attempt failed',
  (outcome) => {
    expect(decideOnFault(fault({ outcome }))).toEqual(decideOnFault(fault({})));
  },
);

test('the fourth failure is rejected, and its job is not cancelled', () => {
  expect(decideOnFault(fault({ failures: 3 }))).toEqual({ do: 'reject', mustCancel: false });
});

test('no pause goes beyond the timeout', () => {
  expect(decideOnFault(fault({ failures: 2, waited: 59_000 }))).toEqual({
    do: 'again',
    at: '@offload_again',
    isReplaced: false,
    pause: 1_000,
  });
  expect(decideOnFault(fault({ failures: 2, waited: 61_000 }))).toEqual({
    do: 'again',
    at: '@offload_again',
    isReplaced: false,
    pause: 0,
  });
});

describe('a client that is sent on', () => {
  const sentOn = (more: Partial<Fault>) => fault({ isSentOn: true, ...more });
  const found = { do: 'send on', status: 303 };
  const accepted = { do: 'send on', status: 202 };

  test.each([POLLING, REDIS])(
    'gets a 303 when the waiter says so, after any number of failures',
    (way) => {
      for (const isPublic of [false, true]) {
        expect(decideOnFault(sentOn({ way, outcome: 'hop', failures: 9, isPublic }))).toEqual(
          found,
        );
      }
    },
  );

  test('gets a 303 in a quit, whatever failed', () => {
    for (const way of [POLLING, REDIS]) {
      for (const canPoll of [false, true]) {
        const quit = { way, canPoll, isListening: false, isQuit: true };
        for (const outcome of ['', 'streamed', 'away']) {
          expect(decideOnFault(sentOn({ ...quit, outcome, failures: 3 }))).toEqual(found);
        }
        expect(decideOnFault(fault(quit))).not.toEqual(found);
      }
    }
  });

  test('gets a 303 in a quit though the private socket that failed exists', () => {
    expect(decideOnFault(sentOn({ isQuit: true, isListening: true }))).toEqual(found);
  });

  test('gets no 303 when its socket is gone without a quit: a way of waiting that is not set up', () => {
    for (const way of [POLLING, REDIS]) {
      for (const canPoll of [false, true]) {
        const gone = { way, canPoll, isListening: false };
        expect(decideOnFault(sentOn(gone))).toEqual(decideOnFault(fault(gone)));
        expect(decideOnFault(sentOn(gone))).not.toEqual(found);
      }
    }
  });

  test('gets no 303 when the waiter is there and the connection failed: it is held on', () => {
    expect(decideOnFault(sentOn({}))).toEqual(decideOnFault(fault({})));
    expect(decideOnFault(sentOn({ failures: 3 }))).toEqual({ do: 'reject', mustCancel: false });
  });

  test('at the timeout, and with a signal that is refused, ends as any other', () => {
    for (const outcome of ['timeout', 'timeout_in_poll', 'refused', 'long_header']) {
      const other = decideOnFault(fault({ outcome }));
      expect(decideOnFault(sentOn({ outcome, isListening: false, isQuit: true }))).toEqual(other);
    }
  });

  test('past a limit is rejected', () => {
    const all = {
      isOverLimit: true,
      isListening: false,
      isQuit: true,
      continues: true,
      canContinue: true,
      outcome: 'hop',
    };
    expect(decideOnFault(sentOn(all))).toEqual({ do: 'reject', mustCancel: true });
  });

  test.each(['timeout', 'timeout_in_poll'])(
    'may come back after the timeout: %s is a 202, whether it was sent on or not',
    (outcome) => {
      for (const way of [POLLING, REDIS]) {
        for (const isSentOn of [false, true]) {
          const its = { way, outcome, isSentOn, continues: true, canContinue: true };
          expect(decideOnFault(fault(its))).toEqual(accepted);
          expect(decideOnFault(fault({ ...its, isPublic: true }))).toEqual({ do: 'accept' });
        }
      }
    },
  );

  test.each(['timeout', 'timeout_in_poll'])(
    'with $offload_continue but no key, %s is a 504, and the job that the waiter left is cancelled',
    (outcome) => {
      for (const way of [POLLING, REDIS]) {
        const its = { way, outcome, continues: true, canContinue: false };
        expect(decideOnFault(fault(its))).toEqual({ do: 'answer', status: 504, mustCancel: true });
        expect(decideOnFault(fault({ ...its, isPublic: true }))).toEqual({ do: 'accept' });
      }
    },
  );

  test.each(['timeout', 'timeout_in_poll'])(
    'with a key but no $offload_continue, %s is a 504, and its job was cancelled by the waiter',
    (outcome) => {
      expect(decideOnFault(sentOn({ outcome, canContinue: true }))).toEqual({
        do: 'answer',
        status: 504,
        mustCancel: false,
      });
    },
  );

  test('does not come back after a refusal, a limit, or a waiter that is away', () => {
    const ends: Partial<Fault>[] = [
      { outcome: 'refused' },
      { isOverLimit: true },
      { failures: 3 },
      { outcome: 'unavailable' },
    ];
    for (const end of ends) {
      expect(decideOnFault(fault({ ...end, continues: true, canContinue: true }))).toEqual(
        decideOnFault(fault(end)),
      );
    }
  });
});

describe('a wait on Redis', () => {
  const redis = (more: Partial<Fault>) => fault({ way: REDIS, canPoll: false, ...more });
  const rejected = { do: 'reject', mustCancel: false };

  test.each([
    ['timeout', 504],
    ['refused', 502],
  ])('the outcome %s is answered with %d, and the job cancelled', (outcome, status) => {
    expect(decideOnFault(redis({ outcome }))).toEqual({ do: 'answer', status, mustCancel: true });
  });

  test.each(['', 'away', 'talkative'])(
    'Redis was lost, is not ready, or the task says too much (%j): it is waited for',
    (outcome) => {
      expect(decideOnFault(redis({ outcome, random: 1 }))).toEqual({
        do: 'again',
        at: '@offload_redis_away',
        isReplaced: false,
        pause: 400,
      });
      expect(decideOnFault(redis({ outcome, failures: 1, random: 1 }))).toEqual({
        do: 'again',
        at: '@offload_redis_repeated',
        isReplaced: false,
        pause: 400,
      });
    },
  );

  test('when the waiter, which repeats attempts, fails as well, it is rejected', () => {
    expect(decideOnFault(redis({ failures: 2 }))).toEqual(rejected);
    expect(decideOnFault(redis({ failures: 2, outcome: 'talkative' }))).toEqual(rejected);
  });

  test('a Redis that refuses, or has no waiter, is rejected at once', () => {
    expect(decideOnFault(redis({ outcome: 'unavailable' }))).toEqual(rejected);
    expect(decideOnFault(redis({ isListening: false }))).toEqual(rejected);
  });

  test.each(['', 'away', 'unavailable', 'talkative'])(
    'with a path to poll in the signal, the app is polled instead: %j',
    (outcome) => {
      expect(decideOnFault(redis({ outcome, canPoll: true, isListening: false }))).toEqual({
        do: 'again',
        at: '@offload_again',
        isReplaced: true,
        pause: 0,
      });
    },
  );
});
