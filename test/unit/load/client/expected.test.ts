import { readExpected } from '../../../../load/client/expected';

const accepts = (env: Record<string, string>, body: string) =>
  readExpected(env)(body, 'run-7', 1500);

test.each<[string, Record<string, string>, string, boolean]>([
  ['the exact body', { EXPECT: 'label {id}' }, 'label run-7', true],
  ['a longer body', { EXPECT: 'label {id}' }, 'label run-7\n', false],
  ['the response of the app of the tests, by default', {}, 'result of run-7\n', true],
  ['another id, by default', {}, 'result of run-8\n', false],
  ['an empty body', { EXPECT: '' }, '', true],
  ['a body that should be empty', { EXPECT: '' }, 'something', false],
  ['a text that is no pattern', { EXPECT: '.*' }, 'anything', false],
  ['a match anywhere', { EXPECT_REGEX: 'label {id}' }, 'the label run-7 of 1500', true],
  ['no match at an anchor', { EXPECT_REGEX: '^label {id}$' }, 'the label run-7', false],
  [
    'a match with quantifiers, which are no placeholders',
    { EXPECT_REGEX: '^{id}: [0-9]{4} of {length}$' },
    'run-7: 2026 of 1500',
    true,
  ],
  ['a number for {length}', { EXPECT_JSON: '{"ms": {length}}' }, '{"ms": 1500}', true],
  ['no inherited member', { EXPECT_JSON: '{"constructor": {}}' }, '{}', false],
])('%s: %j with the body %j is %s', (_, env, body, isRight) => {
  expect(accepts(env, body)).toBe(isRight);
});

const label = '{"order": "{id}", "parcels": [{"kg": 2}], "paid": true}';

test.each([
  [
    'any order and format, and other members',
    '{ "paid":true,"at":"now", "parcels":[ {"kg":2.0,"no":1} ],\n"order":"run-7" }',
    true,
  ],
  ['another id', '{"order":"run-8","parcels":[{"kg":2}],"paid":true}', false],
  ['a missing member', '{"order":"run-7","parcels":[{"kg":2}]}', false],
  ['another type', '{"order":"run-7","parcels":[{"kg":"2"}],"paid":true}', false],
  ['a longer list', '{"order":"run-7","parcels":[{"kg":2},{"kg":2}],"paid":true}', false],
  ['an object as a list', '{"order":"run-7","parcels":{"0":{"kg":2}},"paid":true}', false],
  ['null', 'null', false],
  ['a body that is not JSON', 'order run-7', false],
  ['an empty body', '', false],
])('EXPECT_JSON with %s: %j is %s', (_, body, isRight) => {
  expect(accepts({ EXPECT_JSON: label }, body)).toBe(isRight);
});

test.each([
  [{ EXPECT_REGEX: '(' }, 'EXPECT_REGEX: SyntaxError'],
  [{ EXPECT_JSON: '{id' }, 'EXPECT_JSON: SyntaxError'],
  [{ EXPECT: '', EXPECT_JSON: '{}' }, 'only one of them is allowed'],
])('%j is an error before the first call', (env, message) => {
  expect(() => readExpected(env)).toThrow(message);
});
