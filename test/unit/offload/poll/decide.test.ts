/** The decision of an attempt, by its schedule and by the answer to its poll. */

import { hashOf } from '../../../../src/offload/app/hash.njs';
import { readAttempt, signalOf } from '../../../../src/offload/poll/attempt';
import type { Poll } from '../../../../src/offload/poll/protocol';
import { endIntervalOf } from '../../../../src/offload/result/take';
import { answer, at, attempt, decided as decide, poll, sent } from './attempts';

const FAULT = { fault: '1' };
const LONG: [string, string][] = [['X-A', 'a'.repeat(1_600)]];

describe('before a poll', () => {
  test('an attempt before the first poll is due pauses until then, and logs a setting that is wrong', () => {
    expect(decide(attempt({ timeout: 'soon' }), at(0), undefined)).toEqual({
      do: 'pause',
      until: expect.any(Number),
      next: expect.any(Number),
      complaint: expect.stringContaining('$offload_timeout is "soon"'),
    });
    expect(decide(attempt(), at(0), undefined)).toMatchObject({ do: 'pause', complaint: '' });
  });

  test('an attempt that is due polls, with the number of the poll', () => {
    expect(decide(attempt(), at(1_200), undefined)).toMatchObject({
      do: 'poll',
      method: 'POST',
      target: { path: '/poll/7/0', query: '' },
    });
    const third = decide(attempt(), at(3_500), undefined);
    expect(third).toMatchObject({ do: 'poll', target: { path: '/poll/7/2' } });
    expect((third as Poll).next).toBeGreaterThan(3_500);
  });

  test('after the timeout the attempt gives up', () => {
    expect(decide(attempt(), at(60_000), undefined)).toEqual({
      do: 'give up',
      outcome: 'timeout',
      reason: '',
    });
  });

  test('a clock that was set back is that of the signal', () => {
    expect(decide(attempt(), at(-5_000), undefined)).toMatchObject({ do: 'pause' });
  });

  test('a signal that may not be polled gives up, and the log says why', () => {
    expect(decide(attempt({ url: 'http://a/b' }), at(0), undefined)).toEqual({
      do: 'give up',
      outcome: 'refused',
      reason:
        '"http://a/b 7" is not polled: it is no path: it does not begin with /; the client gets a 502',
    });
    expect(decide(attempt({ args: '' }), at(1_200), undefined)).toMatchObject({
      target: { path: '/poll/0' },
    });
  });

  test('without any value it gives up', () => {
    expect(decide(readAttempt([], '', false, 0, hashOf), at(0), undefined)).toMatchObject({
      do: 'give up',
      reason: expect.stringContaining('"" is not polled'),
    });
  });
});

describe('with a Retry-After of the signal', () => {
  const hinted = (seconds: string) => attempt({ retryAfter: seconds });

  test('no poll is sooner, and the first one is then', () => {
    expect(decide(hinted('5'), at(0), undefined)).toMatchObject({ do: 'pause', until: 5_000 });
    expect(decide(hinted('5'), at(3_500), undefined)).toMatchObject({ do: 'pause', until: 5_000 });
    expect(decide(hinted('5'), at(4_900), undefined)).toMatchObject({
      do: 'poll',
      delay: 100,
      previous: 0,
    });
    expect(decide(hinted('5'), at(5_000), undefined)).toMatchObject({ do: 'poll', delay: 0 });
  });

  test('a date is read as well; what can not be read is ignored', () => {
    const date = new Date(at(7_000)).toUTCString();
    expect(decide(hinted(date), at(0), undefined)).toMatchObject({ do: 'pause', until: 7_000 });
    const ignored = decide(hinted('soon'), at(0), undefined);
    expect(ignored).toEqual(decide(attempt(), at(0), undefined));
  });

  test('one that is longer than the timeout leaves the last poll', () => {
    expect(decide(hinted('3600'), at(0), undefined)).toMatchObject({ do: 'pause', until: 59_000 });
  });
});

describe('after a poll', () => {
  const lines = [['X-A', '1']];
  const forwardAs = (status: number) => ({ do: 'forward', lines, status });
  const forward = forwardAs(200);
  const stream = { do: 'stream', target: poll.target };
  const next = { do: 'pause', until: poll.next, next: poll.next, complaint: '' };
  const table: [string, Parameters<typeof answer>[0], object, Record<string, string>?][] = [
    ['a result', {}, forward],
    ['an error of the app', { status: 500 }, forwardAs(500)],
    ['a 404', { status: 404 }, forwardAs(404)],
    ['a 202', { status: 202 }, next],
    ['a 503', { status: 503 }, next],
    ['a listed 500', { status: 500 }, next, { transient: '500' }],
    [
      'a 500 with a list that can not be read',
      { status: 500 },
      forwardAs(500),
      { transient: '5xx' },
    ],
    ['a response that is not HTTP', { isHttp: false }, next],
    ['a truncated body', { bodyLength: 1 }, next],
    ['a body of unknown length', { contentLength: undefined }, stream],
    ['a header line that njs can not write', { lines: [['X-A', '\ufffd']] }, stream],
    ['a content type that njs can not write', { contentType: 'a\u0001' }, stream],
    [
      'two encodings',
      {
        lines: [
          ['Content-Encoding', 'a'],
          ['content-encoding', 'b'],
        ],
      },
      stream,
    ],
    [
      'a line of the connection',
      {
        lines: [
          ['X-A', '1'],
          ['X-B', '2'],
        ],
        connection: 'x-b',
      },
      forward,
    ],
    ['a redirect without Location and with a body', { status: 301 }, stream],
    [
      'a redirect without Location and without a body',
      { status: 301, contentLength: '0', bodyLength: 0 },
      forwardAs(301),
    ],
    ['a 300', { status: 300 }, forwardAs(300)],
    ['a 304', { status: 304, contentLength: '9', bodyLength: 0 }, forwardAs(304)],
    ['a long header', { lines: LONG }, { do: 'retry' }],
    ['a result after a fault', {}, stream, FAULT],
    ['a long header after a fault', { lines: LONG }, stream, FAULT],
    ['a 202 after a fault', { status: 202 }, next, FAULT],
  ];
  test.each(table)('%s', (_, reply, expected, more = {}) => {
    expect(decide(attempt(more), at(1_210), answer(reply))).toEqual(expected);
  });

  test('a Location on this host is followed by GET, once', () => {
    const found = { status: 303, location: 'http://EXAMPLE.com/result/7?a=1' };
    const follow = decide(attempt(), at(1_210), answer(found));
    expect(follow).toEqual({
      do: 'poll',
      method: 'GET',
      target: { path: '/result/7', query: 'a=1' },
      follows: 1,
      isOfResult: true,
      delay: 0,
      next: poll.next,
      previous: 0,
    });
    const second = answer({ ...found, bodyLength: 0, contentLength: '0', poll: follow as Poll });
    expect(decide(attempt(), at(1_210), second)).toMatchObject({ do: 'forward' });
  });

  test('a relative Location is of the path of the poll', () => {
    const found = { status: 303, location: '../done' };
    expect(decide(attempt(), at(1_210), answer(found))).toMatchObject({
      target: { path: '/poll/done', query: '' },
    });
  });

  test('a Location on another host gives up, and the log says why', () => {
    const found = { status: 303, location: 'http://elsewhere/1' };
    expect(decide(attempt(), at(1_210), answer(found))).toEqual({
      do: 'give up',
      outcome: 'refused',
      reason: '"http://elsewhere/1" is not polled: it is on another host; the client gets a 502',
    });
  });

  test('a target that no location with poll.conf serves gives up, whatever was answered', () => {
    for (const status of [200, 202, 303, 503]) {
      expect(decide(attempt(), at(1_210), answer({ isServed: false, status }))).toMatchObject({
        do: 'give up',
        outcome: 'refused',
        reason: expect.stringContaining('"/poll/7/0" is not polled: it is served by no location'),
      });
    }
  });

  test('"not yet" after a slow poll pauses for twice its duration, a transient error does not', () => {
    const pending = decide(attempt(), at(5_500), answer({ status: 202 }));
    expect(pending).toMatchObject({ do: 'pause', until: 5_500 + 2 * (5_500 - sent) });
    const transient = decide(attempt(), at(5_500), answer({ status: 502 }));
    expect(transient).toMatchObject({ do: 'pause', until: 5_500 + 500 });
  });

  test('Retry-After is obeyed, in seconds or as a date', () => {
    const until = (status: number, retryAfter: string) =>
      decide(attempt(), at(2_000), answer({ status, retryAfter }));
    expect(until(202, '10')).toMatchObject({ do: 'pause', until: 12_000 });
    expect(until(503, '10')).toMatchObject({ do: 'pause', until: 12_000 });
    const date = new Date(at(22_000)).toUTCString();
    expect(until(202, date)).toMatchObject({ do: 'pause', until: 22_000 });
  });
});

describe('in a drain', () => {
  test('an attempt in place polls for the header alone, and streams the result', () => {
    const inPlace = attempt({}, true);
    expect(inPlace).toMatchObject({ inPlace: true, headersOnly: true });
    const action = decide(inPlace, at(1_210), answer({ lines: LONG }));
    expect(action).toEqual({ do: 'stream', target: poll.target });
  });
});

describe('by a plan', () => {
  /** Polls at 3 s and at 4 s, but for the jitter of 0.2 % and the early poll of a job that explores. */
  const planned = (args: string) => {
    const its = attempt({ args: args, pollCost: '25ms' });
    its.schedule.plan = { floor: 50, times: [3_000, 4_000], explores: false };
    return its;
  };
  const ids = Array.from({ length: 100 }, (_, id) => String(id));
  const isAt = (ms: number) => (action: ReturnType<typeof decide>) =>
    action.do === 'pause' && Math.abs(action.until - ms) <= ms * 0.002;

  test('a job is polled at the times of the plan, most without an earlier poll', () => {
    const first = ids.map((id) => decide(planned(id), at(0), undefined));
    expect(first.filter(isAt(3_000)).length).toBeGreaterThan(85);
    expect(first.every((action) => action.do === 'pause')).toBe(true);
  });

  test('an attempt that comes a little early polls in time, and the next one is that of the plan', () => {
    const its = ids.map(planned).filter((one) => isAt(3_000)(decide(one, at(0), undefined)));
    for (const one of its) {
      const action = decide(one, at(2_900), undefined);
      expect(action).toMatchObject({
        do: 'poll',
        target: { path: `${signalOf(one.told).replace(' ', '/')}/0` },
      });
      expect(2_900 + (action as Poll).delay).toBeCloseTo(3_000, -1.3);
      expect(Math.abs((action as Poll).next - 4_000)).toBeLessThanOrEqual(8);
      expect((action as Poll).previous).toBe(0);
    }
  });

  test('"not yet" pauses until the next planned poll, which knows the one before', () => {
    const [its] = ids.map(planned).filter((one) => isAt(3_000)(decide(one, at(0), undefined)));
    const one = its as NonNullable<typeof its>;
    const first = decide(one, at(3_008), undefined) as Poll;
    const pending = answer({ status: 202, poll: first, sent: 3_008 });
    const pause = decide(one, at(3_010), pending);
    expect(isAt(4_000)(pause)).toBe(true);
    const second = decide(one, at(4_010), undefined) as Poll;
    expect(second).toMatchObject({
      do: 'poll',
      target: { path: `${signalOf(one.told).replace(' ', '/')}/1` },
    });
    const ended = endIntervalOf(answer({ poll: second, sent: 4_010 }));
    expect(ended.to).toBe(4_010);
    expect(ended.from).toBeCloseTo(3_000, -1.3);
  });

  test('a setting that can not be read is its default, and the log says so', () => {
    expect(attempt({ pollCost: 'dear' }).schedule.complaint).toContain(
      '$offload_poll_cost is "dear", which is no time in its range: 25ms is used',
    );
    expect(attempt({ pollCost: 'dear' }).schedule.isLearned).toBe(true);
    expect(attempt().schedule.isLearned).toBe(false);
  });
});
