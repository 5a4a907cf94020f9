/** What the waiter tells nginx of a client that is sent on. */

import { SAID } from '../../../../src/shared/told';
import { headerTe, type Told } from '../../../../testkit/clients/told';
import { type SentOn, sentOnBy } from './attempts';
import { FakeRequest, type Reply } from './fake-request';

/** A handler has the types of njs, which are not those of node. */
const { poll, pollInPlace } = jest.requireActual<
  Record<'poll' | 'pollInPlace', (r: FakeRequest) => void>
>('../../../../src/offload/poll/poll.njs');

const SINCE = 1_700_000_000;
const LISTENING = 'unix:/dev/null';
const GONE = 'unix:/nonexistent/waiter.sock';
const PENDING: Reply = {
  status: 202,
  after: 10,
  headers: [],
  declared: '0',
  body: '',
  httpVersion: '1.1',
};
const UNANSWERED: Reply = { ...PENDING, after: Number.POSITIVE_INFINITY };

/** Polls each 5 s, and 10 s for a request, of which the way to the client has 0.4 s. */
function run(
  waited: number,
  more: Told & SentOn,
  reply = PENDING,
  server = LISTENING,
  handler = poll,
) {
  jest.setSystemTime(SINCE * 1_000 + waited);
  const told: Told = {
    since: String(SINCE),
    url: '/poll',
    args: '7',
    timeout: '10m',
    interval: '5s',
    backoff: '0%',
    maxInterval: '5s',
    pollCost: 'off',
    sentOn: sentOnBy({ hop: '10s', now: `${SINCE + waited / 1_000} ${waited / 1_000}`, ...more }),
    ...more,
  };
  const request = new FakeRequest({ Host: 'app', TE: headerTe(told) }, server, () => reply, true);
  handler(request);
  while (request.answers.length === 0 && jest.getTimerCount() > 0) {
    jest.advanceTimersToNextTimer();
  }
  const at = Date.now() - SINCE * 1_000;
  // of a job that is cancelled: nobody waits for the answer
  jest.runOnlyPendingTimers();
  expect(request.answers).toHaveLength(1);
  expect(jest.getTimerCount()).toBe(0);
  return {
    answer: request.answers[0],
    said: request.sent.get(SAID),
    polls: request.subrequests.length,
    at,
  };
}

beforeAll(() => {
  jest.useFakeTimers();
});

afterAll(() => {
  jest.useRealTimers();
});

test('a pause is in steps, and says when the next poll is due', () => {
  const { answer, said } = run(0, {});
  expect(answer).toBe(503);
  expect(said).toMatch(/^steps-[23]\?\d+\?next=(4[5-9]|5[0-5])\d\d$/);
});

test('a pause that ends when the client is sent on says so', () => {
  expect(run(6_000, { interval: '6s', maxInterval: '6s' })).toMatchObject({
    answer: 503,
    said: expect.stringMatching(/^steps-2\?\d+\?hop=1[01]\d\d\d$/),
    polls: 1,
  });
});

test('a client that is not sent on has a pause of one piece', () => {
  expect(run(0, { hop: '' })).toMatchObject({ answer: 503, said: expect.stringMatching(/^\d+$/) });
});

test('a poll that is not answered in time is left, and made again in the next request at once', () => {
  expect(run(6_000, {}, UNANSWERED)).toEqual({ answer: 504, said: 'hop=0', polls: 1, at: 9_600 });
});

test('a client whose time has come is sent on, with the time of its next poll and no cancel', () => {
  expect(run(9_590, { next: '12000', cancel: '/cancel' })).toEqual({
    answer: 504,
    said: 'hop=12000',
    polls: 0,
    at: 9_590,
  });
});

describe('the last poll of an operation, at the timeout', () => {
  const late = { timeout: '9s', interval: '1s', public: 'GET' };

  test('has 5 s', () => {
    expect(run(9_000, { ...late, hop: '' }, UNANSWERED)).toEqual({
      answer: 504,
      said: 'timeout_in_poll',
      polls: 1,
      at: 14_000,
    });
  });

  test('ends sooner with the request of a client that is sent on', () => {
    expect(run(9_000, late, UNANSWERED)).toEqual({
      answer: 504,
      said: 'timeout_in_poll',
      polls: 1,
      at: 9_600,
    });
  });
});

test('a timeout that is sooner than the hop ends a poll', () => {
  expect(run(8_000, { timeout: '9s', next: '8000' }, UNANSWERED)).toEqual({
    answer: 504,
    said: 'timeout_in_poll',
    polls: 1,
    at: 9_000,
  });
});

test('a client with a timeout that is sooner than the hop is sent on in a quit', () => {
  const quit = run(1_000, { timeout: '9s' }, PENDING, GONE, pollInPlace);
  expect(quit).toMatchObject({ answer: 504, said: expect.stringMatching(/^hop=\d+$/), at: 1_000 });
});

test('in a quit it is sent on at once, and is polled where it comes next', () => {
  const inPlace = run(1_000, {}, PENDING, GONE, pollInPlace);
  expect(inPlace).toMatchObject({ answer: 504, polls: 0, at: 1_000 });
  expect(inPlace.said).toMatch(/^hop=(4[5-9]|5[0-5])\d\d$/);
});

test('at the timeout the job of a client that may come back is not cancelled', () => {
  const late = { hop: '', cancel: '/cancel', timeout: '20s' };
  expect(run(20_000, { ...late, continues: 'on' })).toMatchObject({
    answer: 504,
    said: 'timeout',
    polls: 0,
  });
  expect(run(20_000, { ...late, continues: 'off' })).toMatchObject({ said: 'timeout', polls: 1 });
});
