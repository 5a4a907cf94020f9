/** What the Redis waiter reads of @offload_redis's request. */

import { readRequest } from '../../../../src/offload/redis/request';

const NOW = 1_700_000_010_000;

const head = (wait: string, path = '/.offload/redis/wait') =>
  `GET ${path} HTTP/1.1\r\nHost: offload\r\nX-Offload-Wait: ${wait}\r\n\r\n`;
const read = (wait: string) => readRequest(head(wait), NOW, '');

test('the id of a Celery task, and what is left of the timeout', () => {
  expect(read('1700000000.000,60s,,,a-1,,')).toEqual({
    kind: 'celery',
    id: 'a-1',
    refusal: '',
    left: 50_000,
    end: 'timeout',
    isSentOn: false,
    isAgain: false,
    to: 'wait',
    key: 'celery-task-meta-a-1',
    replies: 0,
    spent: 0,
  });
});

test.each([
  ['1700000000,60s,,,a,,', 'celery', 'celery-task-meta-a'],
  ['1700000000,60s,,,,a,', 'stream', 'offload:a'],
  ['1700000000,60s,,,,,a', 'rq', 'rq:results:a'],
])('%s is a result of %s under %s', (wait, kind, key) => {
  expect(read(wait)).toMatchObject({ kind, key, refusal: '' });
});

test.each([
  ['', 'celery-task-meta-a', 'offload:a', 'rq:results:a'],
  // as Celery does with its global_keyprefix
  ['shop', 'shop_celery-task-meta-a', 'shopoffload:a', 'shoprq:results:a'],
  ['shop:', 'shop:celery-task-meta-a', 'shop:offload:a', 'shop:rq:results:a'],
  ['shop_', 'shop_celery-task-meta-a', 'shop_offload:a', 'shop_rq:results:a'],
  ['shop-', 'shop-celery-task-meta-a', 'shop-offload:a', 'shop-rq:results:a'],
  ['shop.', 'shop.celery-task-meta-a', 'shop.offload:a', 'shop.rq:results:a'],
])('with the prefix %j of the settings', (prefix, ...keys) => {
  const all = ['1,60s,,,a,,', '1,60s,,,,a,', '1,60s,,,,,a'];
  expect(all.map((wait) => readRequest(head(wait), NOW, prefix).key)).toEqual(keys);
});

test('a wait that was interrupted, a probe, and a result that is there', () => {
  expect(read('1,60s,1,,a,,').isAgain).toBe(true);
  for (const to of ['probe', 'found']) {
    expect(readRequest(head('1,60s,1,,a,,', `/.offload/redis/${to}`), NOW, '').to).toBe(to);
  }
});

test.each([
  ['none', '1,60s,,,,,', 'is not of 1 to 255 characters'],
  ['256 characters', `1,60s,,,${'a'.repeat(256)},,`, 'is not of 1 to 255 characters'],
  ['two', '1,60s,,,a,b,', 'is one of two that the signal names'],
  ['three of the same', '1,60s,,,a,a,a', 'is one of two that the signal names'],
  ...['a b', 'a\tb', 'a\nb', 'a*', 'a,b', 'a/b', 'é', 'a\u0000', '"', '{x}', 'a\r'].map((id) => [
    JSON.stringify(id),
    `1,60s,,,${id},,`,
    'has a character other than letters, digits, . _ : and -',
  ]),
])('an id that is refused: %s', (_, wait, refusal) => {
  expect(read(wait).refusal).toBe(refusal);
});

test.each([
  ['a timeout that has passed', '1699999900,60s,,,a,,', 0],
  ['a clock that was set back', '1700001000,60s,,,a,,', 60_000],
  ['a timeout that can not be read', '1700000010,soon,,,a,,', 60_000],
])('%s', (_, wait, left) => {
  expect(read(wait).left).toBe(left);
});

describe('a client that is sent on', () => {
  const since = '1700000000';
  /** At NOW, 10 s after the signal. */
  const now = '1700000010.000;12.000';

  test.each([
    ['before its request has taken as long as it may', '60s', '50s', 36_000, 'hop'],
    ['or at the timeout, if that is sooner', '40s', '50s', 30_000, 'timeout'],
    ['or at the timeout, if both are the same', '46s', '50s', 36_000, 'timeout'],
    ['at once, if its time has passed', '60s', '10s', 0, 'hop'],
  ])('%s', (_, timeout, hop, left, end) => {
    expect(read(`${since},${timeout},,${hop};off;;${now},a,,`)).toMatchObject({
      left,
      end,
      isSentOn: true,
      id: 'a',
      refusal: '',
    });
  });

  test.each(['', 'soon', '301s', '999ms'])('is not with %j', (hop) => {
    expect(read(`${since},60s,,${hop};off;;${now},a,,`)).toMatchObject({
      left: 50_000,
      end: 'timeout',
      isSentOn: false,
    });
  });
});
