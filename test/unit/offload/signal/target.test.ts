import { LONGEST_TARGET, readTarget, targetUri } from '../../../../src/offload/signal/target';

test.each([
  ['/', '/', ''],
  ['/poll/42', '/poll/42', ''],
  ['/poll/42/', '/poll/42/', ''],
  ['/poll?', '/poll', ''],
  ['/poll?a=1&b=%2f..%00', '/poll', 'a=1&b=%2f..%00'],
  ['/poll?a=//x/../y?z', '/poll', 'a=//x/../y?z'],
  ['/a%20b', '/a b', ''],
  ['/caf%C3%A9', '/café', ''],
  ['/%5Ba%22%7c', '/[a"|', ''],
  ['/.well-known/..x/x../...', '/.well-known/..x/x../...', ''],
])('%s is the path %j with the query %j', (raw, path, query) => {
  expect(readTarget(raw)).toEqual({ path, query });
});

test.each([
  ['an empty text', '', 'is no path'],
  ['a relative path', 'poll/42', 'is no path'],
  ['a query alone', '?a=1', 'is no path'],
  ['a URL', 'http://app/poll', 'is no path'],
  ['the named location of an app', '@internal', 'is no path'],
  ['a URL without its scheme', '//other/poll', 'empty segment'],
  ['an empty segment', '/poll//42', 'empty segment'],
  ['a line feed', '/poll\nHost: x', 'no URL has'],
  ['a carriage return in the query', '/poll?a\rb', 'no URL has'],
  ['a NUL', '/poll\0', 'no URL has'],
  ['a space', '/poll HTTP/1.1', 'no URL has'],
  ['a delete character', '/poll\x7f', 'no URL has'],
  ['a non-ASCII letter', '/café', 'no URL has'],
  ['half a surrogate pair', '/\ud800', 'no URL has'],
  ['a backslash', '/poll\\..\\admin', 'no URL has'],
  ['a fragment', '/poll#end', 'fragment'],
  ['a fragment after the query', '/poll?a#end', 'fragment'],
  ['a .. segment', '/poll/../admin', 'segment'],
  ['a .. segment at the end', '/poll/..', 'segment'],
  ['a .. segment before the query', '/poll/..?a', 'segment'],
  ['a . segment', '/poll/./admin', 'segment'],
  ['a . segment at the end', '/.', 'segment'],
  ['an encoded .. segment', '/poll/%2e%2E/admin', 'segment'],
  ['a half-encoded .. segment', '/poll/.%2e/admin', 'segment'],
  ['an encoded . segment', '/poll/%2e', 'segment'],
  ['an encoded slash', '/poll/..%2fadmin', '%'],
  ['an encoded slash in capitals', '/poll/..%2Fadmin', '%'],
  ['an encoded backslash', '/poll/..%5Cadmin', '%'],
  ['an encoded NUL', '/poll%00', '%'],
  ['an encoded line break', '/poll%0d%0aHost:', '%'],
  ['an encoded delete character', '/poll%7f', '%'],
  ['an encoded C1 control character', '/poll/%C2%80', '%'],
  ['dots encoded twice', '/poll/%252e%252e/admin', '%'],
  ['a slash encoded twice', '/poll/42%252Fadmin', '%'],
  ['an encoded question mark', '/poll/42%3fadmin=1', '%'],
  ['an encoded #', '/poll/order%2342', '%'],
  ['an encoded %', '/poll/50%25', '%'],
  ['a bare %', '/poll/50%', '%'],
  ['a % without hexadecimal digits', '/poll/%zz', '%'],
  ['an overlong encoding of a slash', '/poll/%c0%af', '%'],
  ['an encoded surrogate', '/poll/%ed%a0%80', '%'],
])('a target with %s is rejected', (_name, raw, reason) => {
  expect(readTarget(raw)).toEqual(expect.stringContaining(reason));
});

test('a target of more than the maximum length is rejected', () => {
  const longest = `/${'x'.repeat(LONGEST_TARGET - 1)}`;
  expect(readTarget(longest)).toEqual({ path: longest, query: '' });
  expect(readTarget(`${longest}x`)).toEqual(expect.stringContaining('longer'));
});

test.each([
  [{ path: '/poll/42', query: '' }, '/poll/42'],
  [{ path: '/poll/42', query: 'a=%20' }, '/poll/42?a=%20'],
  [{ path: '/a b', query: '' }, '/a%20b'],
  [{ path: '/[a"|', query: '' }, '/%5Ba%22%7C'],
  [{ path: '/café', query: '' }, '/caf%C3%A9'],
])('the URI of %j is %s', (target, uri) => {
  expect(targetUri(target)).toBe(uri);
});

test.each(['/.offload', '/.offload/pause/0', '/.offloaded', '/%2eoffload/poll'])(
  'a location of the module itself is no target: %s',
  (raw) => {
    expect(readTarget(raw)).toEqual(expect.stringMatching(/^is /));
  },
);

test.each(['/poll/.offload', '/.well-known', '/offload'])(
  'a path of the app may look like a location of the module: %s',
  (raw) => {
    expect(readTarget(raw)).toEqual({ path: raw, query: '' });
  },
);

test('a character right behind the C1 control characters may be encoded', () => {
  expect(readTarget('/a%C2%A0b')).toEqual({ path: '/a\u00a0b', query: '' });
});
