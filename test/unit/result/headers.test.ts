import { isHandedOn, isWritable } from '../../../src/result/headers';

test.each(['set-cookie', 'x-custom', 'content-encoding', 'location', 'x-accel-redirect', 'age'])(
  '%s is forwarded',
  (name) => {
    expect(isHandedOn(name, '')).toBe(true);
    expect(isHandedOn(name, 'close')).toBe(true);
  },
);

test.each(['connection', 'keep-alive', 'te', 'trailer', 'transfer-encoding', 'upgrade'])(
  '%s is hop-by-hop and not forwarded',
  (name) => {
    expect(isHandedOn(name, '')).toBe(false);
  },
);

test.each(['x-offloadtopoller-url', 'x-offloadtopoller-args', 'x-offload-outcome'])(
  '%s is internal and not forwarded',
  (name) => {
    expect(isHandedOn(name, '')).toBe(false);
  },
);

test.each(['X-Named', 'close, X-Named', 'x-named,close', ' close ,\tX-NAMED '])(
  'a header named in Connection: %j is not forwarded',
  (connection) => {
    expect(isHandedOn('x-named', connection)).toBe(false);
    expect(isHandedOn('x-name', connection)).toBe(true);
  },
);

test.each([
  ['X-Custom', 'a, b; c="d"'],
  ['x-custom', 'a\tb'],
  ['ETag', 'W/"1"'],
  ['X-1', 'ä€😀'],
])('njs writes %s: %s unchanged', (name, value) => {
  expect(isWritable(name, value)).toBe(true);
});

test.each([
  ['X-Empty', ''],
  ['X-Latin1', 'a\ufffdb'],
  ['X-Control', 'a\x01b'],
  ['X-Delete', 'a\x7fb'],
  ['__proto__', 'a'],
  ['X_Under', 'a'],
  ['X Space', 'a'],
  ['X-Ä', 'a'],
])('njs does not write %j: %j unchanged', (name, value) => {
  expect(isWritable(name, value)).toBe(false);
});
