import { pollTarget, readJob } from '../../../../src/offload/signal/signal';
import { LONGEST_TARGET } from '../../../../src/offload/signal/target';

test.each([
  ['/poll', '42', '/poll/42', ''],
  ['/poll/', '42', '/poll/42', ''],
  ['/poll', '42/', '/poll/42', ''],
  ['/poll', 'eu/42', '/poll/eu/42', ''],
  ['/poll/42', '', '/poll/42', ''],
  ['/poll/42/', '', '/poll/42', ''],
  ['/poll?key=a/b', '42', '/poll/42', 'key=a/b'],
  ['/poll/?key=1', '42/', '/poll/42', 'key=1'],
  ['/poll/42?key=/', '', '/poll/42', 'key=/'],
  ['/poll?', '42', '/poll/42', ''],
  ['/poll?a?b', '42', '/poll/42', 'a?b'],
  ['/a%20b', 'caf%C3%A9', '/a b/café', ''],
])('the url %j with the args %j is the job %j with the query %j', (url, args, path, query) => {
  expect(readJob(url, args)).toEqual({ path, query });
});

test.each([
  ['no url', '', '42', 'root'],
  ['the root as url', '/', '42', 'root'],
  ['the root and no args', '/', '', 'root'],
  ['a query alone as url', '?key=1', '42', 'root'],
  ['the root and a query', '/?key=1', '42', 'root'],
  ['a relative url', 'poll', '42', 'is no path'],
  ['a url of another host', 'http://other/poll', '42', 'is no path'],
  ['a url of another host without its scheme', '//other/poll', '42', 'empty segment'],
  ['a question mark in its args', '/poll', '42?admin=1', '? in its arguments'],
  ['.. in its args', '/poll', '../admin', '.. segment'],
  ['an encoded .. in its args', '/poll', '%2e%2e/admin', '.. segment'],
  ['an encoded slash in its args', '/poll', '..%2fadmin', '%'],
  ['a line break in its args', '/poll', '42\r\nHost: x', 'no URL has'],
  ['a fragment in its args', '/poll', '42#end', 'fragment'],
  ['an encoding split between url and args', '/poll/%2', 'e', '%'],
  ['a slash before its args', '/poll', '/42', 'empty segment'],
  ['an empty segment in its url', '/poll//eu', '42', 'empty segment'],
  ['an empty segment at the end of its url', '/poll//', '', 'empty segment'],
  ['an empty segment at the end of its args', '/poll', '42//', 'empty segment'],
  ['a slash as args', '/poll', '/', 'empty segment'],
  ['two slashes as url', '//', '', 'empty segment'],
  ['args that are too long', '/poll', 'x'.repeat(LONGEST_TARGET), 'longer'],
])('a job with %s is rejected', (_name, url, args, reason) => {
  expect(readJob(url, args)).toEqual(expect.stringContaining(reason));
});

test.each([
  [0, '/poll/42/0'],
  [1, '/poll/42/1'],
  [191, '/poll/42/191'],
])('poll %d appends its number to the path and keeps the query', (number, path) => {
  expect(pollTarget({ path: '/poll/42', query: 'key=1' }, number)).toEqual({
    path,
    query: 'key=1',
  });
});
