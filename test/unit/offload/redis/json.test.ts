/** Members of a JSON object, byte for byte. */

import fc from 'fast-check';
import { membersOf } from '../../../../src/offload/redis/json';

const find = (json: string, ...keys: string[]) => {
  const bytes = Buffer.from(json);
  const found = membersOf(bytes, 0, bytes.length, keys);
  return found?.spans.map((span) => span && bytes.toString('utf8', span.start, span.end));
};

test('values are found as they were written', () => {
  const json = '{"a": 12345678901234567890, "b" : [1.10, {"a": "}"}] , "c":"\\"\\\\"}';
  expect(find(json, 'a', 'b', 'c', 'd')).toEqual([
    '12345678901234567890',
    '[1.10, {"a": "}"}]',
    '"\\"\\\\"',
    undefined,
  ]);
});

test('any object: each member is the text that JSON has for it', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.nat(3), (object, indent) => {
      const names = Object.keys(object).filter((name) => JSON.stringify(name) === `"${name}"`);
      const found = find(JSON.stringify(object, undefined, indent), ...names);
      expect(found?.map((text) => JSON.parse(text as string))).toEqual(
        names.map((name) => JSON.parse(JSON.stringify(object[name]))),
      );
    }),
    { numRuns: 2_000 },
  );
});

test.each([
  '',
  '[]',
  '"a"',
  'null',
  '{',
  '{"a"',
  '{"a":',
  '{"a":1',
  '{"a":1,',
  '{a:1}',
  '{"a" 1}',
  '{"a":1}x',
  '\u0080\u0004',
])('%j is no object', (json) => {
  expect(find(json, 'a')).toBeUndefined();
});

test('an object without members', () => {
  expect(find(' { } ', 'a')).toEqual([undefined]);
});
