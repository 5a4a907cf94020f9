import { locationTarget } from '../../../../src/offload/result/location';
import { LONGEST_TARGET } from '../../../../src/offload/signal/target';

const poll = '/poll/42/7';

test.each([
  ['/result/42', '/result/42', ''],
  ['/result/42?full=1', '/result/42', 'full=1'],
  ['http://example.com/result/42', '/result/42', ''],
  ['https://example.com/result/42?full=1', '/result/42', 'full=1'],
  ['HTTPS://Example.COM/result', '/result', ''],
  ['//example.com/result', '/result', ''],
  ['http://example.com/a%20b', '/a b', ''],
])('Location %s leads to %s with the query %j', (location, path, query) => {
  expect(locationTarget(location, 'example.com', poll)).toEqual({ path, query });
});

test.each([
  ['result', '/poll/42/result', ''],
  ['./result?full=1', '/poll/42/result', 'full=1'],
  ['../result/42', '/poll/result/42', ''],
  ['../../result/42', '/result/42', ''],
  ['./.././../result/42', '/result/42', ''],
  ['../../../../result/42', '/result/42', ''],
  ['../', '/poll/', ''],
  ['?full=1', '/poll/42/7', 'full=1'],
  ['a/b:c', '/poll/42/a/b:c', ''],
  ['./b:c', '/poll/42/b:c', ''],
  ['caf%C3%A9', '/poll/42/café', ''],
])(
  'Location %s is relative to the poll, and leads to %s with the query %j',
  (location, path, query) => {
    expect(locationTarget(location, 'example.com', poll)).toEqual({ path, query });
  },
);

test('the path of the poll is decoded', () => {
  expect(locationTarget('result', 'a', '/a%20b/caf%C3%A9/0')).toEqual({
    path: '/a b/café/result',
    query: '',
  });
});

test.each([
  ['/result#end', '/result', ''],
  ['/result?full=1#end', '/result', 'full=1'],
  ['http://example.com/result#//other/..', '/result', ''],
  ['result#?full=1', '/poll/42/result', ''],
])('the fragment of Location %s is dropped', (location, path, query) => {
  expect(locationTarget(location, 'example.com', poll)).toEqual({ path, query });
});

test.each([
  ['http://a/x', 'A'],
  ['http://a:80/x', 'a'],
  ['http://a/x', 'a:80'],
  ['https://a:443/x', 'a'],
  ['HTTPS://a/x', 'a:443'],
  ['http://a:8080/x', 'A:8080'],
  ['//a:8080/x', 'a:8080'],
  ['http://[::1]:80/x', '[::1]'],
])('Location %s is on the host %s', (location, host) => {
  expect(locationTarget(location, host, poll)).toEqual({ path: '/x', query: '' });
});

test.each([
  ['http://a/x', 'a:8080'],
  ['http://a:8080/x', 'a'],
  ['http://a:443/x', 'a'],
  ['https://a:80/x', 'a'],
  ['//a:80/x', 'a'],
  ['http://other/x', 'a'],
  ['//other/x', 'a'],
  ['https://a.other/x', 'a'],
  ['https://a@other/x', 'a'],
  ['https://user@a/x', 'a'],
  ['https://other?a/x', 'a'],
  ['https:///x', 'a'],
])('Location %s is not on the host %s', (location, host) => {
  expect(locationTarget(location, host, poll)).toBe('is on another host');
});

test.each([
  ['', 'is no path'],
  ['#end', 'is no path'],
  ['ftp://example.com/42', 'is no path'],
  ['https:/result', 'is no path'],
  ['https:result', 'is no path'],
  ['javascript:alert(1)', 'is no path'],
  ['https://example.com', 'is no path'],
  ['https://example.com//42', 'empty segment'],
  ['..//42', 'empty segment'],
  ['..', '.. segment'],
  ['a/../../admin', '.. segment'],
  ['%2e%2e/admin', '.. segment'],
  ['https://example.com/../admin', '.. segment'],
  ['/result/%2e%2e/admin', '.. segment'],
  ['/result%2fadmin', '%'],
  ['..\\admin', 'no URL has'],
  ['/result\r\nHost: x', 'no URL has'],
  ['result\r\nx', 'no URL has'],
  ['https://example.com/result\nHost: x', 'no URL has'],
  ['https://example.com\\@other/x', 'another host'],
  ['http://example.com/caf\xe9', 'no URL has'],
  [`/${'x'.repeat(LONGEST_TARGET)}`, 'longer'],
  ['../'.repeat(LONGEST_TARGET), 'longer'],
])('Location %j is rejected', (location, reason) => {
  expect(locationTarget(location, 'example.com', poll)).toEqual(expect.stringContaining(reason));
});

test.each(['https://example.com?full=1', '//example.com?full=1', 'https://example.com?a/b'])(
  'a query ends the host of Location %s, which has no path then',
  (location) => {
    expect(locationTarget(location, 'example.com', poll)).toMatch('is no path');
  },
);

test('a Location that begins with a colon is neither a URL nor a path', () => {
  expect(locationTarget(':42', 'example.com', poll)).toMatch('is no path');
});

test('a relative Location may be as long as the longest target', () => {
  const dots = './'.repeat(LONGEST_TARGET / 2 - 1);
  const longest = `${dots}42`;
  expect(locationTarget(longest, 'example.com', poll)).toEqual({ path: '/poll/42/42', query: '' });
  expect(locationTarget(`${longest}0`, 'example.com', poll)).toMatch('longer');
});
