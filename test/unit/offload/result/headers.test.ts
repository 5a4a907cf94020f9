import { isForwarded, isWritable } from '../../../../src/offload/result/headers';

test.each(['set-cookie', 'x-custom', 'content-encoding', 'location', 'x-accel-redirect', 'age'])(
  '%s is forwarded',
  (name) => {
    expect(isForwarded(name, '')).toBe(true);
    expect(isForwarded(name, 'close')).toBe(true);
  },
);

test.each(['connection', 'keep-alive', 'te', 'trailer', 'transfer-encoding', 'upgrade'])(
  '%s is hop-by-hop and not forwarded',
  (name) => {
    expect(isForwarded(name, '')).toBe(false);
  },
);

test.each(['x-offloadtopoller-url', 'x-offloadtopoller-args', 'x-pad'])(
  '%s is not forwarded to a client',
  (name) => {
    expect(isForwarded(name, '')).toBe(false);
  },
);

test.each(['X-Named', 'close, X-Named', 'x-named,close', ' close ,\tX-NAMED '])(
  'Connection: %j names one that is not forwarded',
  (connection) => {
    expect(isForwarded('x-named', connection)).toBe(false);
    expect(isForwarded('x-name', connection)).toBe(true);
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

test.each(['content-length', 'content-type', 'date', 'server'])(
  'nginx writes %s by itself',
  (name) => {
    expect(isForwarded(name, '')).toBe(false);
  },
);

test.each(['proxy-connection', 'x-offload-cancel'])('%s is not for the client', (name) => {
  expect(isForwarded(name, '')).toBe(false);
});

test('a Connection header without a name takes no header away', () => {
  expect(isForwarded('x-named', ' , ,')).toBe(true);
});

test.each(['A-Za-z0-9', 'Z-z-9-0', 'x'])(
  'njs writes a name of letters, digits and hyphens: %s',
  (name) => {
    expect(isWritable(name, 'a')).toBe(true);
  },
);

test.each(['\ufffd', '\ufffdb', '\x00', 'a\x1f'])(
  'njs does not write a value with an unreadable byte or a control character, wherever it is: %j',
  (value) => {
    expect(isWritable('X-Custom', value)).toBe(false);
  },
);
