/** The decision of an attempt whose client is sent on, and of one that was. */

import { type Pause, pollTimedOut } from '../../../../src/offload/poll/decide';
import type { Told } from '../../../../testkit/clients/told';
import { answer, at, attempt, decided as decide, poll, type SentOn, SINCE } from './attempts';

describe('a client that is sent on', () => {
  const SENT_ON_AT = 9_600;
  const sentOn = (more: Told & SentOn = {}) =>
    attempt({ hop: '10s', now: `${SINCE}.000 0.000`, interval: '30s', timeout: '10m', ...more });
  const due = (its = sentOn()) => decide(its, at(0), undefined) as Pause;

  test('the next poll is behind the time to send it on: it pauses until then, and knows when the poll is due', () => {
    const next = due(sentOn({ hop: '' })).until;
    expect(next).toBeGreaterThan(SENT_ON_AT);
    expect(due()).toEqual({ do: 'pause', until: SENT_ON_AT, next, complaint: '' });
  });

  test('it is sent on then, and the next request knows when the poll is due', () => {
    const next = due().next;
    const up = { do: 'give up', outcome: 'hop', reason: '', next };
    expect(decide(sentOn(), at(SENT_ON_AT - 51), undefined)).toMatchObject({ do: 'pause' });
    for (const waited of [SENT_ON_AT - 49, SENT_ON_AT, SENT_ON_AT + 1_000]) {
      expect(decide(sentOn(), at(waited), undefined)).toEqual(up);
    }
  });

  test('a poll that is near, and behind that, is left to the next request', () => {
    expect(
      decide(sentOn({ interval: '1s', retryAfter: '10' }), at(9_500), undefined),
    ).toMatchObject({
      do: 'pause',
      until: SENT_ON_AT,
      next: 10_000,
    });
    expect(decide(sentOn({ interval: '1s', retryAfter: '9' }), at(8_900), undefined)).toMatchObject(
      {
        do: 'poll',
        delay: 100,
      },
    );
  });

  test('a signal that came late in its request leaves less time, or none', () => {
    expect(due(sentOn({ now: `${SINCE}.000 4.000` })).until).toBe(SENT_ON_AT - 4_000);
    expect(due(sentOn({ now: `${SINCE}.000 60.000` }))).toMatchObject({
      do: 'give up',
      outcome: 'hop',
    });
  });

  test('what is wrong with a setting is logged when it is sent on at once, as well', () => {
    const its = sentOn({ now: `${SINCE}.000 60.000`, maxInterval: 'long' });
    expect(due(its)).toMatchObject({
      outcome: 'hop',
      reason: expect.stringContaining('$offload_max_interval is "long"'),
    });
  });

  test('a poll that is due before that is made', () => {
    const its = sentOn({ interval: '1s' });
    expect(due(its)).toMatchObject({ do: 'pause', until: due(its).next });
    expect(decide(its, at(1_200), undefined)).toMatchObject({ do: 'poll' });
  });

  test('"not yet", and a poll that failed: it pauses until the next poll, or until it is sent on', () => {
    const its = sentOn({ interval: '1s' });
    for (const status of [202, 503]) {
      expect(decide(its, at(1_210), answer({ status }))).toEqual({
        do: 'pause',
        until: poll.next,
        next: poll.next,
        complaint: '',
      });
      expect(decide(its, at(1_210), answer({ status, retryAfter: '30' }))).toEqual({
        do: 'pause',
        until: SENT_ON_AT,
        next: 31_210,
        complaint: '',
      });
      expect(decide(its, at(9_590), answer({ status, retryAfter: '30' }))).toEqual({
        do: 'give up',
        outcome: 'hop',
        reason: '',
        next: 39_590,
      });
    }
  });

  test('a poll that is due within 50 ms before that, or behind it, is made in the next request', () => {
    const its = sentOn({ next: '9000', interval: '1s', maxInterval: '1s' });
    const isPolled = (waited: number, one = its) =>
      decide(one, at(waited), undefined).do === 'poll';
    const never = attempt({ next: '9000' });
    const due = Array.from({ length: 1_200 }, (_, i) => 9_000 + i).filter((waited) =>
      isPolled(waited, never),
    );
    expect(due.filter((waited) => waited > SENT_ON_AT - 50).length).toBeGreaterThan(0);
    for (const waited of due) {
      expect([waited, isPolled(waited)]).toEqual([waited, waited <= SENT_ON_AT - 50]);
      if (waited > SENT_ON_AT - 50) {
        expect(decide(its, at(waited), undefined)).toEqual({
          do: 'give up',
          outcome: 'hop',
          reason: '',
          next: SENT_ON_AT,
        });
      }
    }
  });

  test('a result is its answer, however late', () => {
    expect(decide(sentOn(), at(9_590), answer({}))).toMatchObject({ do: 'forward', status: 200 });
  });

  test('the timeout is sooner: it is not sent on', () => {
    const its = sentOn({ timeout: '9s', interval: '5s' });
    const never = attempt({ timeout: '9s', interval: '5s' });
    for (const waited of [0, 5_600, 8_999, 9_000, 20_000]) {
      expect(decide(its, at(waited), undefined)).toEqual(decide(never, at(waited), undefined));
    }
    expect(decide(its, at(9_000), undefined)).toMatchObject({ outcome: 'timeout' });
  });

  test('a poll that is not answered in time ends with it, and is made again at once', () => {
    expect(pollTimedOut(sentOn())).toEqual({
      do: 'give up',
      outcome: 'hop',
      reason: '',
      next: 0,
    });
    for (const its of [attempt(), sentOn({ timeout: '9s' })]) {
      expect(pollTimedOut(its)).toEqual({
        do: 'give up',
        outcome: 'timeout_in_poll',
        reason: '',
      });
    }
  });
});

describe('a client that was sent on', () => {
  test('no poll is before the time that its last machine knew, though one is due', () => {
    expect(decide(attempt(), at(5_500), undefined)).toMatchObject({ do: 'poll' });
    const its = attempt({ next: '9000' });
    for (const waited of [0, 5_500, 8_990]) {
      expect(decide(its, at(waited), undefined)).toMatchObject({ do: 'pause', until: 9_000 });
    }
    expect(decide(its, at(9_000), undefined)).toMatchObject({ do: 'poll', delay: 0 });
  });

  test('nor by a plan, which leaves the last pause before a poll to JavaScript', () => {
    const its = attempt({ next: '9000', pollCost: '25ms' });
    its.schedule.plan = { floor: 50, times: [3_000, 20_000], explores: false };
    expect(decide(its, at(4_000), undefined)).toMatchObject({ do: 'pause', until: 9_000 });
    expect(decide(its, at(8_900), undefined)).toMatchObject({ do: 'poll', delay: 100 });
    expect(decide(its, at(9_001), undefined)).toMatchObject({ do: 'poll', delay: 0 });
  });

  test('a poll that is due later is at its own time', () => {
    const until = (more: Told & SentOn) => (decide(attempt(more), at(0), undefined) as Pause).until;
    expect(until({ next: '100' })).toBe(until({}));
  });

  test('the Retry-After of an answer goes from one request to the next', () => {
    const first = attempt({ hop: '10s', now: `${SINCE}.000 0.000` });
    const pending = answer({ status: 202, retryAfter: '20' });
    const { next } = decide(first, at(2_000), pending) as Pause;
    expect(next).toBe(22_000);
    const hop = { hop: '10s', now: `${SINCE + 9}.900 0.000`, next: String(next) };
    expect(decide(attempt(hop), at(9_950), undefined)).toMatchObject({
      do: 'pause',
      until: 19_500,
      next,
    });
    const last = { hop: '10s', now: `${SINCE + 19}.800 0.000`, next: String(next) };
    expect(decide(attempt(last), at(19_850), undefined)).toMatchObject({
      do: 'pause',
      until: next,
      next,
    });
    expect(decide(attempt(last), at(next), undefined)).toMatchObject({ do: 'poll' });
  });
});
