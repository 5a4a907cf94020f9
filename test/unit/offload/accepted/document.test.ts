/** What a status document says, hostile ones among them. */

import {
  filled,
  isJson,
  readDocument,
  type State,
  stateOf,
  valueAt,
} from '../../../../src/offload/accepted/document';

const read = (text: string): object => {
  const document = readDocument(text);
  if (document === undefined) {
    throw new Error(`no document: ${text}`);
  }
  return document;
};

test.each([
  ['application/json', true],
  ['application/problem+json; charset=utf-8', true],
  ['Application/FHIR+JSON', true],
  ['text/html', false],
  ['', false],
  [undefined, false],
])('the type %p is one of JSON: %p', (type, is) => {
  expect(isJson(type)).toBe(is);
});

test.each([
  ['an empty body', ''],
  ['none', undefined],
  ['HTML', '<html>'],
  ['what was cut off', '{"status": "runn'],
  ['null', 'null'],
  ['a number', '7'],
  ['text', '"running"'],
  ['two documents', '{}{}'],
])('%s is no document', (_, text) => {
  expect(readDocument(text)).toBeUndefined();
});

test('an array is one without fields', () => {
  expect(stateOf(read('[{"status": "failed"}]'), 'status')).toBe('none');
});

describe('state', () => {
  const words: [State, string[]][] = [
    ['running', ['notStarted', 'running', 'InProgress', 'accepted', 'starting', 'processing']],
    ['running', ['queued', 'in_progress', 'PENDING', 'IN_QUEUE', 'Creating', 'a word of its own']],
    [
      'done',
      ['succeeded', 'Succeeded', 'successful', 'COMPLETED', 'incomplete', 'SUCCEEDED', 'done'],
    ],
    [
      'failed',
      ['failed', 'Failed', 'canceled', 'Canceled', 'cancelled', 'dismissed', 'Terminated'],
    ],
    ['failed', ['FAILED', 'CLOSED', 'expired', 'error']],
    // parts of a word, or of the list of words
    ['running', ['succeed', 'unfailed', 'failed failure', ' ', '', 'done finished', 'Fail']],
  ];
  test.each(words.flatMap(([state, list]) => list.map((word) => [state, word] as const)))(
    '%s: %p',
    (state, word) => {
      expect(stateOf({ status: word }, 'status')).toBe(state);
    },
  );

  test.each<[string, string, string, State]>([
    ['within another field', '{"status": {"state": "FAILED"}}', 'status.state', 'failed'],
    ['deeper', '{"data": {"attributes": {"status": "done"}}}', 'data.attributes.status', 'done'],
    ['in an array', '{"jobs": [{"status": "done"}]}', 'jobs.0.status', 'done'],
    ['a flag', '{"done": true}', 'done', 'done'],
    ['a flag that is false', '{"done": false}', 'done', 'running'],
    ['a flag that is left out', '{"name": "operations/7"}', 'done', 'running'],
    ['the same, deeper', '{"operation": {}}', 'operation.done', 'running'],
    ['done, with an error', '{"done": true, "error": {"code": 3}}', 'done', 'failed'],
    [
      'an error beside it',
      '{"status": {"state": "DONE", "errorResult": {"a": 1}}}',
      'status.state',
      'failed',
    ],
    ['an error that is text', '{"status": "completed", "error": "no"}', 'status', 'failed'],
    ['an error that is a flag', '{"status": "completed", "error": true}', 'status', 'failed'],
    ['an error that is null', '{"status": "completed", "error": null}', 'status', 'done'],
    ['an error that is false', '{"status": "completed", "error": false}', 'status', 'done'],
    ['an error that is empty', '{"status": "completed", "error": ""}', 'status', 'done'],
    ['no errors, by PHP', '{"status": "completed", "error": []}', 'status', 'done'],
    ['an error with nothing in it', '{"done": true, "error": {}}', 'done', 'done'],
    ['an error while it runs', '{"status": "running", "error": "again"}', 'status', 'running'],
    ['no such field', '{"state": "done"}', 'status', 'none'],
    ['null', '{"status": null}', 'status', 'none'],
    ['a number', '{"status": 1}', 'status', 'running'],
    ['a number that is huge', '{"status": 1e999}', 'status', 'running'],
    ['an object', '{"status": {"state": "done"}}', 'status', 'none'],
    ['an object that is no text', '{"status": {"toString": 1, "valueOf": 1}}', 'status', 'none'],
    ['an array', '{"status": ["failed"]}', 'status', 'none'],
    ['a field of text', '{"status": "done"}', 'status.length', 'none'],
    ['what each object has', '{}', 'constructor', 'none'],
    ['the same, deeper', '{}', 'constructor.name', 'none'],
    ['what each object has, as a field', '{"constructor": "failed"}', 'constructor', 'failed'],
    ['__proto__', '{"__proto__": {"status": "done"}}', 'status', 'none'],
    ['an error in __proto__', '{"done": true, "__proto__": {"error": {"a": 1}}}', 'done', 'done'],
    ['of two fields, the last', '{"status": "failed", "status": "done"}', 'status', 'done'],
    ['no field', '{"status": "done"}', '', 'none'],
    ['dots alone', '{"status": "done"}', '..', 'none'],
  ])('%s: %s', (_, text, field, state) => {
    expect(stateOf(read(text), field)).toBe(state);
  });

  test('deep arrays in place of a word', () => {
    const text = `{"status": ${'['.repeat(20)}${']'.repeat(20)}}`;
    expect(stateOf(read(text), 'status')).toBe('none');
  });
});

test('valueAt finds what is there, false and 0 among it', () => {
  const document = { a: { b: 0, c: false, d: null, '': 1 } };
  const found = ['a.b', 'a.c', 'a.d', 'a.', 'a.b.c', 'b'].map((field) => valueAt(document, field));
  expect(found).toEqual([0, false, undefined, 1, undefined, undefined]);
});

describe('templates', () => {
  const HOST = 'https://api.example';

  test.each<[string, string, string, string]>([
    ['an id', '/jobs/{id}', '{"id": "a-1"}', '/jobs/a-1'],
    ['a number', '/jobs/{id}', '{"id": 7}', '/jobs/7'],
    ['0', '/jobs/{id}', '{"id": 0}', '/jobs/0'],
    ['two fields', '/{a}/{b.c}/results', '{"a": "1", "b": {"c": "2"}}', '/1/2/results'],
    ['a name with slashes', '/v1/{name}', '{"name": "a/operations/7"}', '/v1/a/operations/7'],
    ['a whole URL', '{urls.get}', `{"urls": {"get": "${HOST}/7?a=b#c"}}`, `${HOST}/7?a=b#c`],
    ['no field', '/jobs', '{}', '/jobs'],
    ['an empty template', '', '{"id": 7}', ''],
    // what a document says becomes path
    ['a query', '/jobs/{id}', '{"id": "7?admin=1"}', '/jobs/7%3Fadmin=1'],
    ['a fragment', '/jobs/{id}/x', '{"id": "7#"}', '/jobs/7%23/x'],
    ['a percent', '/jobs/{id}', '{"id": "7%2e"}', '/jobs/7%252e'],
    ['a space and a tab', '/jobs/{id}', '{"id": "7 \\t\\r\\n"}', '/jobs/7%20%09%0D%0A'],
    ['braces', '/jobs/{id}', '{"id": "{id}"}', '/jobs/%7Bid%7D'],
    ['not ASCII', '/jobs/{id}', '{"id": "\u00fc"}', '/jobs/%C3%BC'],
    // a URL that is not polled (signal/target.ts)
    ['dots', '/jobs/{id}', '{"id": "../admin"}', '/jobs/../admin'],
    // none
    ['half a pair', '/jobs/{id}', '{"id": "\\ud800"}', '/jobs/'],
    ['a field that is missing', '/jobs/{id}', '{"ID": 7}', ''],
    ['one of two', '/{a}/{b}', '{"a": 1}', ''],
    ['null', '/jobs/{id}', '{"id": null}', ''],
    ['no text in it', '/jobs/{id}', '{"id": ""}', ''],
    ['a flag', '/jobs/{id}', '{"id": true}', ''],
    ['an object', '/jobs/{id}', '{"id": {"toString": 1}}', ''],
    ['an array', '/jobs/{id}', '{"id": ["7"]}', ''],
    ['an id that JSON.parse changes', '/jobs/{id}', '{"id": 12345678901234567890}', ''],
    ['the first such one', '/jobs/{id}', '{"id": 9007199254740992}', ''],
    [
      'the largest that it does not',
      '/jobs/{id}',
      '{"id": 9007199254740991}',
      '/jobs/9007199254740991',
    ],
    ['what is no whole number', '/jobs/{id}', '{"id": 1.5}', ''],
    ['infinity', '/jobs/{id}', '{"id": 1e999}', ''],
    ['what each object has', '/jobs/{constructor.name}', '{}', ''],
    ['a brace that is not closed', '/jobs/{id', '{"id": 7}', ''],
    ['a brace without a name', '/jobs/{}', '{"id": 7}', ''],
  ])('%s: %s of %s', (_, template, text, url) => {
    expect(filled(template, read(text))).toBe(url);
  });

  test('no document: a template without fields alone', () => {
    expect([filled('/jobs', undefined), filled('/jobs/{id}', undefined)]).toEqual(['/jobs', '']);
  });
});
