/** An attempt, as @offload describes it. */

import { hashOf } from '../../../../src/offload/app/hash.njs';
import { readAttempt, signalOf } from '../../../../src/offload/poll/attempt';
import type { Protocol } from '../../../../src/offload/poll/protocol';
import { type Told, told } from '../../../../testkit/clients/told';
import { type SentOn, sentOnBy } from './attempts';

const HOST = 'example.com';

const sent: Told = {
  since: '1700000000.5',
  url: '/poll',
  args: '7',
  timeout: '5m',
  interval: '1s',
  backoff: '20%',
  maxInterval: '1m',
  transient: '500',
  pollCost: '50ms',
  route: 'reports',
};

const read = (more: Told & SentOn = {}, inPlace = false, next = 0) =>
  readAttempt(told({ ...sent, sentOn: sentOnBy(more), ...more }), HOST, inPlace, next, hashOf);

test('all that @offload sends is read', () => {
  expect(read()).toEqual({
    told: told({ ...sent, sentOn: ';off;;0;0' }),
    protocol: expect.objectContaining({ method: 'POST', readsBody: false }),
    schedule: {
      timeout: 300_000,
      interval: 1_000,
      backoff: 0.2,
      maxInterval: 60_000,
      complaint: '',
      hash: expect.any(Number),
      isLearned: true,
      plan: undefined,
      notBefore: 0,
    },
    since: 1_700_000_000_500,
    endsAt: Infinity,
    hopAt: Infinity,
    notBefore: 0,
    continues: false,
    route: 'route-reports',
    host: 'example.com',
    headersOnly: false,
    inPlace: false,
  });
});

describe('a client that is sent on', () => {
  const now = '1700000002.500 3.000';

  test('is so before its request has taken as long as it may, which counts from its begin', () => {
    expect(read({ hop: '50s', now })).toMatchObject({ endsAt: 47_000, hopAt: 47_000 });
    expect(read({ hop: '50s', now: '1700000100.500 0.000' }).hopAt).toBe(148_000);
  });

  test('has a timeout that is sooner, and is sent on in a quit alone: its request has an end', () => {
    const sooner = read({ hop: '50s', now, timeout: '47s' });
    expect(sooner).toMatchObject({ endsAt: 47_000, hopAt: Number.POSITIVE_INFINITY });
    expect(read({ hop: '50s', now, timeout: '47001ms' }).hopAt).toBe(47_000);
  });

  test.each(['soon', '999ms', '301s', '-1s'])('is not with %j, and the log says why', (hop) => {
    const its = read({ hop, now });
    expect(its).toMatchObject({
      endsAt: Number.POSITIVE_INFINITY,
      hopAt: Number.POSITIVE_INFINITY,
    });
    expect(its.schedule.complaint).toBe(
      `$offload_hop is "${hop}", which is no time in its range: it is off; `,
    );
  });
});

test('no poll is sooner than another machine knew', () => {
  expect(read({ next: '12345' }).notBefore).toBe(12_345);
});

test('nor than this request knew before its pause was interrupted', () => {
  const notBefore = (known: string, next: number) => read({ next: known }, true, next).notBefore;
  expect(notBefore('', 12_345)).toBe(12_345);
  expect(notBefore('12345', 20_000)).toBe(20_000);
  expect(notBefore('12345', 0)).toBe(12_345);
});

test.each([
  ['on', true],
  ['off', false],
  ['', false],
])('with $offload_continue %j its client may come again: %p', (continues, may) => {
  expect(read({ continues }).continues).toBe(may);
});

test('a signal without arguments is its URL', () => {
  const { told: its, protocol } = read({ args: '' });
  expect(signalOf(its)).toBe('/poll');
  expect((protocol as Protocol).targetOf(0)).toEqual({ path: '/poll/0', query: '' });
});

test('without a name, the path of the signal is the route', () => {
  const route = (more: Told) => read(more).route;
  expect(route({ route: 'other' })).toMatch(/^path-/);
  expect(route({ route: '' })).toBe(route({ route: 'other' }));
});

test('jobs differ in their hash by the time, the URL and the arguments', () => {
  const hash = (more: Told) => read(more).schedule.hash;
  const all = [
    hash({}),
    hash({ since: '1700000000.6' }),
    hash({ url: '/other' }),
    hash({ args: '8' }),
  ];
  expect(new Set(all).size).toBe(4);
  expect(hash({})).toBe(hash({ timeout: '1m' }));
});

test('what can not be read is named in the complaint, as it was sent', () => {
  const { schedule } = read({ transient: '5xx', pollCost: '-1' });
  expect(schedule.complaint).toBe(
    '$offload_poll_cost is "-1", which is no time in its range: 25ms is used; ' +
      '$offload_transient is "5xx", which is no list of statuses: it is ignored; ',
  );
});

test('without any value, all are empty', () => {
  const { schedule, told: its } = readAttempt([], '', false, 0, hashOf);
  expect([signalOf(its), schedule.notBefore]).toEqual(['', 0]);
  expect(schedule.complaint.match(/ is "", which/g)).toHaveLength(5);
});

test('"off" learns nothing', () => {
  expect(read({ pollCost: 'off' }).schedule.isLearned).toBe(false);
});

test('after a fault, and in place, polls are for the header alone', () => {
  expect(read({ fault: '1' }).headersOnly).toBe(true);
  expect(read({}, true)).toMatchObject({ headersOnly: true, inPlace: true });
});

test('Retry-After of the signal is read from its time on', () => {
  const notBefore = (value: string) => read({ retryAfter: value }).schedule.notBefore;
  expect(notBefore('5')).toBe(5_000);
  expect(notBefore(new Date(1_700_000_010_000).toUTCString())).toBe(9_500);
  expect(notBefore('soon')).toBe(0);
  expect(notBefore('86400')).toBe(299_000);
});
