/** Which calls are the same, and what other calls see of the answer to the first. */

import fc from 'fast-check';
import { type Call, isHeld, leftOut, textOf } from '../../../../src/offload/join/call';
import { manyTimes } from '../../shared/hostile';

const CALL: Call = {
  key: 'hash',
  method: 'POST',
  host: 'example.com',
  uri: '/orders?a=1',
  authorization: 'Bearer a',
  cookie: 'session=a',
  identity: 'a',
  contentType: 'application/json',
  contentEncoding: 'gzip',
  prefer: 'wait=5',
};
const NAMES = Object.keys(CALL) as (keyof Call)[];

/** Few letters, so that two values are often alike, or one begins as the other; no header has a line feed. */
const value = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'b', ' ', '\r', '\\', '\0'), maxLength: 3 }),
  fc.string().map((text) => text.replaceAll('\n', '')),
);
const anyCall: fc.Arbitrary<Call> = fc.record({
  key: value,
  method: value,
  host: value,
  uri: value,
  authorization: value,
  cookie: value,
  identity: value,
  contentType: value,
  contentEncoding: value,
  prefer: value,
});

const isSame = (one: Call, other: Call) => NAMES.every((name) => one[name] === other[name]);

describe('the text of a call', () => {
  test('is a line for each value, so that a body begins behind a line feed', () => {
    expect(textOf(CALL)).toBe(
      'hash\nPOST\nexample.com\n/orders?a=1\nBearer a\nsession=a\na\napplication/json\ngzip\nwait=5\n',
    );
  });

  test.each(NAMES)('is another one if %s alone differs', (name) => {
    for (const other of ['', `${CALL[name]} `, CALL[name].toLowerCase().concat('b')]) {
      expect(textOf({ ...CALL, [name]: other })).not.toBe(textOf(CALL));
    }
  });

  test('is the same for two calls only if all of their values are', () => {
    fc.assert(
      fc.property(
        anyCall,
        anyCall,
        (one, other) => (textOf(one) === textOf(other)) === isSame(one, other),
      ),
      manyTimes,
    );
  });

  test('is another one if two of the values change places', () => {
    const name = fc.constantFrom(...NAMES);
    fc.assert(
      fc.property(anyCall, name, name, (call, a, b) => {
        const other = { ...call, [a]: call[b], [b]: call[a] };
        return (textOf(call) === textOf(other)) === (call[a] === call[b]);
      }),
      manyTimes,
    );
  });

  test('with a body behind it is no text of another call with another body', () => {
    fc.assert(
      fc.property(anyCall, anyCall, fc.string(), fc.string(), (one, other, body, otherBody) => {
        const isOne = isSame(one, other) && body === otherBody;
        return (textOf(one) + body === textOf(other) + otherBody) === isOne;
      }),
      manyTimes,
    );
  });
});

describe('of an answer that is held', () => {
  const KEPT = [
    'X-OffloadToPoller-Url',
    'X-OffloadToPoller-Args',
    'X-Offload-Celery',
    'X-Offload-Stream',
    'X-Offload-Rq',
    'Operation-Location',
    'Azure-AsyncOperation',
    'Location',
    'Content-Location',
    'Retry-After',
    'X-Accel-Redirect',
    'X-Pad',
  ];
  const OTHERS = [
    'Set-Cookie',
    // the job is of several clients: none of them ends it for the others
    'X-Offload-Cancel',
    'Content-Type',
    'Content-Length',
    'ETag',
    'Last-Modified',
    'X-Request-Id',
    'WWW-Authenticate',
    'X-Location',
    'Locations',
    '',
    // what every object has
    'constructor',
    '__proto__',
  ];
  const anyCase = (name: string) => [name, name.toLowerCase(), name.toUpperCase()];

  test.each(KEPT)('%s is kept: it names the job', (name) => {
    expect(leftOut(anyCase(name))).toEqual([]);
  });

  test.each(OTHERS)('%j is left out', (name) => {
    expect(leftOut(anyCase(name))).toEqual(anyCase(name));
  });

  test('all others are left out, as often and in the letters in which they came', () => {
    const names = ['set-cookie', 'Location', 'Set-Cookie', 'X-A', 'RETRY-AFTER', 'Set-Cookie'];
    expect(leftOut(names)).toEqual(['set-cookie', 'Set-Cookie', 'X-A', 'Set-Cookie']);
  });

  test('whatever its name, a header is left out unless it is one of these', () => {
    const kept = new Set(KEPT.map((name) => name.toLowerCase()));
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.constantFrom(...KEPT)), (name) => {
        return leftOut([name]).length === (kept.has(name.toLowerCase()) ? 0 : 1);
      }),
      manyTimes,
    );
  });
});

test.each([
  [undefined, false],
  ['@offload', true],
  ['@offload_redis', true],
  [['x', '@offload_operation'], true],
  [[], false],
  ['', false],
  ['/protected/file', false],
])('an answer with X-Accel-Redirect %j: it is held: %p', (redirect, held) => {
  expect(isHeld(redirect)).toBe(held);
});
