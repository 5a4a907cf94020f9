/** What the answers of an operation mean, and which URLs are polled for it. */

import {
  isCancelledItself,
  operation,
  targetOfOperation,
} from '../../../../src/offload/accepted/operation';
import type { Answer, Meaning, Poll, Protocol } from '../../../../src/offload/poll/protocol';
import { isRefusal } from '../../../../src/shared/checked';
import { isOperation } from '../../../../src/shared/told';
import { type Told, told } from '../../../../testkit/clients/told';

const HOST = 'site.example';
const URL = '/jobs/7';
const base: Told = { url: URL, call: '/reports', host: 'api.internal:8080' };

const protocol = (more: Told = {}, pending = '', transient = ''): Protocol => {
  const values = told({ ...base, ...more });
  const its = operation(values, HOST, pending, transient);
  if (isRefusal(its)) {
    throw new Error(its);
  }
  return its;
};

interface More {
  poll?: Poll;
  location?: string;
  contentType?: string | undefined;
}
const answer = (status: number, body = '', more: More = {}): Answer => ({
  poll: more.poll ?? ({ isOfResult: false } as Poll),
  sent: 0,
  isServed: true,
  isHttp: true,
  status,
  reply: {
    headersOut: {
      Location: more.location,
      'Content-Type': 'contentType' in more ? more.contentType : 'application/json',
    },
    variables: {},
    responseText: body,
  },
});

describe('by the status alone', () => {
  const location = '/files/1';
  test.each<[number, More, Meaning]>([
    [202, {}, 'pending'],
    // of a 202, it is where to poll
    [202, { location }, 'pending'],
    [429, {}, 'transient'],
    [502, {}, 'transient'],
    [503, {}, 'transient'],
    [504, {}, 'transient'],
    [303, { location }, 'elsewhere'],
    [302, { location }, 'result'],
    [303, {}, 'result'],
    [200, {}, 'result'],
    [201, { location }, 'result'],
    [204, {}, 'result'],
    [400, {}, 'result'],
    [401, {}, 'result'],
    [404, {}, 'result'],
    [410, {}, 'result'],
    [425, {}, 'result'],
    [500, {}, 'result'],
  ])('%p %p: %s', (status, more, meaning) => {
    const asked = protocol();
    expect(asked.meaningOf(answer(status, '{"status": "failed"}', more))).toBe(meaning);
    expect([asked.readsBody, asked.method]).toEqual([false, 'GET']);
  });

  test('other statuses may mean "not yet", or be transient', () => {
    const { meaningOf } = protocol({}, ' 404 429 ', ' 500 ');
    expect([202, 404, 429, 500].map((status) => meaningOf(answer(status)))).toEqual([
      ...['result', 'pending', 'pending', 'transient'],
    ]);
  });
});

describe('by a document', () => {
  const result = '/jobs/{id}/results';
  test.each<[string, Told, Answer, Meaning]>([
    ['it runs', {}, answer(200, '{"status": "running"}'), 'pending'],
    ['done', {}, answer(200, '{"status": "succeeded"}'), 'document'],
    ['failed', {}, answer(200, '{"status": "failed"}'), 'failed'],
    ['failed, 201', {}, answer(201, '{"status": "failed"}'), 'failed'],
    [
      'done, the result elsewhere',
      { result },
      answer(200, '{"status": "done", "id": 7}'),
      'elsewhere',
    ],
    ['failed, with a result', { result }, answer(200, '{"status": "failed", "id": 7}'), 'failed'],
    ['done, but the field is missing', { result }, answer(200, '{"status": "done"}'), 'document'],
    ['no such field', {}, answer(200, '{"state": "done"}'), 'document'],
    ['an array', {}, answer(200, '["running"]'), 'document'],
    ['cut off', {}, answer(200, '{"status": "runn'), 'unreadable'],
    ['no text', {}, answer(200, ''), 'unreadable'],
    ['another type', {}, answer(200, '{}', { contentType: 'text/csv' }), 'result'],
    ['no type', {}, answer(200, '{}', { contentType: undefined }), 'result'],
    ['a word in a 202', {}, answer(202, '{"status": "failed"}'), 'pending'],
    ['a word in a 400', {}, answer(400, '{"status": "running"}'), 'result'],
    ['a word in a 404', {}, answer(404, '{"status": "running"}'), 'result'],
    ['no content', {}, answer(204), 'result'],
    [
      'the result itself',
      {},
      answer(200, '{"status": "running"}', { poll: { isOfResult: true } as Poll }),
      'result',
    ],
  ])('%s', (_, more, given, meaning) => {
    const asked = protocol({ status: 'status', ...more });
    expect([asked.meaningOf(given), asked.readsBody]).toEqual([meaning, true]);
  });

  test('where the result is: by the template, or by a redirect', () => {
    const { locationOf } = protocol({ status: 'status', result });
    const location = '/files/1';
    expect([
      locationOf(answer(200, '{"id": 7}')),
      // of a 200, it is none
      locationOf(answer(200, '{"id": 7}', { location })),
      locationOf(answer(303, '{"id": 7}', { location })),
    ]).toEqual(['/jobs/7/results', '/jobs/7/results', location]);
  });
});

describe('which URL is polled', () => {
  test.each<[string, string, string]>([
    ['a path', '/jobs/7?of=us', '/jobs/7?of=us'],
    ["the client's host", 'https://site.example/jobs/7', '/jobs/7'],
    ['with the port of its scheme', 'https://SITE.example:443/jobs/7', '/jobs/7'],
    ["the upstream's host", 'http://api.internal:8080/jobs/7', '/jobs/7'],
    ['without a scheme', '//api.internal:8080/jobs/7', '/jobs/7'],
    ['relative to the call', 'jobs/7', '/jobs/7'],
    ['a query of the call', '?id=7', '/reports?id=7'],
    ['a secret', '/jobs/7?code=a%2Bb%3D%3D', '/jobs/7?code=a%2Bb%3D%3D'],
    ['a fragment', '/jobs/7#now', '/jobs/7'],
  ])('%s: %s', (_, url, polled) => {
    const target = targetOfOperation(told({ ...base, url }), HOST);
    const [path = '', query = ''] = polled.split('?');
    expect(target).toEqual({ path, query });
  });

  test('the port may be another one, as an app behind a proxy may not know that of the client', () => {
    const url = 'https://site.example:8443/jobs/7';
    expect(targetOfOperation(told({ ...base, url }), HOST)).toMatchObject({ path: '/jobs/7' });
  });

  test.each<[string, string, string]>([
    ['another host', 'https://evil.example/jobs/7', 'is on another host'],
    ["a host that ends in the client's", 'https://evil-site.example/', 'is on another host'],
    ["a host that begins with the client's", 'https://site.example.evil/', 'is on another host'],
    ['a user', 'https://site.example@evil.example/jobs/7', 'is on another host'],
    ['no host', 'https:///jobs/7', 'is on another host'],
    ['dots', '/jobs/../admin', 'has a . or .. segment'],
    ['dots that are encoded', '/jobs/%2e%2e/admin', 'has a . or .. segment'],
    ['a slash that is encoded', '/jobs/..%2fadmin', 'has a % that encodes nothing'],
    ['an empty segment', '/jobs//7', 'has an empty segment'],
    ["the waiter's own", '/.offload/poll', "is the waiter's own"],
    ['another scheme', 'javascript:alert(1)', 'is no path'],
    ['a file', 'file:///etc/passwd', 'is no path'],
    ['none', '', 'is no path'],
    ['a space', '/jobs/7 HTTP/1.1', 'has a character that no URL has'],
    ['not ASCII', '/jobs/\u00fc', 'has a character that no URL has'],
    ['too long', `/${'a'.repeat(2048)}`, 'is longer than 2048 characters'],
  ])('never %s: %s', (_, url, reason) => {
    const target = targetOfOperation(told({ ...base, url }), HOST);
    expect(target).toEqual(expect.stringContaining(reason));
  });

  test('without a host of the upstream, that of the client alone', () => {
    const values = told({ ...base, host: '', url: 'https:///jobs/7' });
    expect(targetOfOperation(values, HOST)).toBe('is on another host');
  });

  test('a redirect is checked in the same way, relative to the poll', () => {
    const { followedTarget } = protocol();
    expect(followedTarget('files/1', '/jobs/7')).toEqual({ path: '/jobs/files/1', query: '' });
    expect(followedTarget('http://api.internal:8080/files/1', '/jobs/7')).toEqual({
      path: '/files/1',
      query: '',
    });
    expect(followedTarget('https://evil.example/', '/jobs/7')).toBe('is on another host');
  });
});

test('an operation is what has a call; it is cancelled where it is what is deleted', () => {
  const cases = [
    base,
    { ...base, call: '' },
    { ...base, cancel: URL },
    { ...base, cancel: '/other' },
  ];
  expect(cases.map((each) => isOperation(told(each)))).toEqual([true, false, true, true]);
  expect(cases.map((each) => isCancelledItself(told(each)))).toEqual([false, false, true, false]);
});
