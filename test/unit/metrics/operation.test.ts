/** Names of GraphQL operations: what a client may send, and what is shown of it. */

import fc from 'fast-check';
import { LONGEST_BODY, operationOf } from '../../../src/metrics/operation';

const ofQuery = (query: string) => operationOf(JSON.stringify({ query }), '');

test.each([
  ['query Orders { a }', 'Orders'],
  ['  mutation\nAdd($a: Int) { a }', 'Add'],
  ['# query Other\nsubscription Live { a }', 'Live'],
  ['query($a: Int) { a }', '(anonymous)'],
  ['query { a }', '(anonymous)'],
  ['{ a }', '(anonymous)'],
  ['fragment F on T { a } query Q { a }', '(anonymous)'],
  ['query 1a { a }', '(malformed)'],
  ['queryOrders', '(malformed)'],
  ['', '(malformed)'],
])('of the document %j: %s', (query, name) => {
  expect(ofQuery(query)).toBe(name);
});

test.each([
  ['operationName comes first', { operationName: 'A', query: 'query B { a }' }, 'A'],
  ['without a document, as persisted queries are', { operationName: 'A' }, 'A'],
  ['a name that is none', { operationName: 'a b', query: 'query B { a }' }, '(malformed)'],
  ['a name that is too long', { operationName: 'a'.repeat(65) }, '(malformed)'],
  ['no name and no document', { id: 1 }, '(malformed)'],
  ['a list', [{ query: '{ a }' }], '(batch)'],
  ['null', null, '(malformed)'],
  ['a number', 1, '(malformed)'],
])('%s', (_, body, name) => {
  expect(operationOf(JSON.stringify(body), '')).toBe(name);
});

test('no JSON is malformed, no body or a long one is unread, a GET has an argument', () => {
  expect(operationOf('{', '')).toBe('(malformed)');
  expect(operationOf('', '')).toBe('(unread)');
  expect(operationOf(' '.repeat(LONGEST_BODY + 1), '')).toBe('(unread)');
  expect(operationOf('', 'Orders')).toBe('Orders');
});

test('whatever a client sends, a name is short and of few characters', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string(), (body, named, query) => {
      for (const name of [operationOf(body, named), ofQuery(query)]) {
        expect(name).toMatch(/^(\((anonymous|malformed|batch|unread)\)|[_A-Za-z]\w{0,63})$/);
      }
    }),
  );
});
