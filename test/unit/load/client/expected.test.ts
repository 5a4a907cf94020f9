import { readExpected } from '../../../../load/client/expected.js';

const accepts = (env: Record<string, string>, body: string) =>
  readExpected(env)(body, 'run-7', 1500);

describe('EXPECT', () => {
  test('is the exact body', () => {
    expect(accepts({ EXPECT: 'label {id}' }, 'label run-7')).toBe(true);
    expect(accepts({ EXPECT: 'label {id}' }, 'label run-7\n')).toBe(false);
    expect(accepts({ EXPECT: 'label {id}' }, 'a label run-7')).toBe(false);
  });

  test('is by default the response of the app of the tests', () => {
    expect(accepts({}, 'result of run-7\n')).toBe(true);
    expect(accepts({}, 'result of run-8\n')).toBe(false);
  });

  test('may be empty', () => {
    expect(accepts({ EXPECT: '' }, '')).toBe(true);
    expect(accepts({ EXPECT: '' }, 'something')).toBe(false);
  });

  test('is not a pattern', () => {
    expect(accepts({ EXPECT: '.*' }, 'anything')).toBe(false);
  });
});

describe('EXPECT_REGEX', () => {
  test('matches anywhere in the body, unless it has anchors', () => {
    expect(accepts({ EXPECT_REGEX: 'label {id}' }, 'the label run-7 of 1500')).toBe(true);
    expect(accepts({ EXPECT_REGEX: '^label {id}$' }, 'the label run-7')).toBe(false);
  });

  test('has {id} and {length} replaced, but not quantifiers', () => {
    expect(accepts({ EXPECT_REGEX: '^{id}: [0-9]{4} of {length}$' }, 'run-7: 2026 of 1500')).toBe(
      true,
    );
  });
});

describe('EXPECT_JSON', () => {
  const label = '{"order": "{id}", "parcels": [{"kg": 2}], "paid": true}';

  test('allows any order and format, and other members', () => {
    const body = '{ "paid":true,"at":"now", "parcels":[ {"kg":2.0,"no":1} ],\n"order":"run-7" }';
    expect(accepts({ EXPECT_JSON: label }, body)).toBe(true);
  });

  test.each([
    ['another id', '{"order":"run-8","parcels":[{"kg":2}],"paid":true}'],
    ['a missing member', '{"order":"run-7","parcels":[{"kg":2}]}'],
    ['another type', '{"order":"run-7","parcels":[{"kg":"2"}],"paid":true}'],
    ['a longer list', '{"order":"run-7","parcels":[{"kg":2},{"kg":2}],"paid":true}'],
    ['an object instead of a list', '{"order":"run-7","parcels":{"0":{"kg":2}},"paid":true}'],
    ['null', 'null'],
    ['a body that is not JSON', 'order run-7'],
    ['an empty body', ''],
  ])('rejects %s', (_, body) => {
    expect(accepts({ EXPECT_JSON: label }, body)).toBe(false);
  });

  test('ignores inherited members', () => {
    expect(accepts({ EXPECT_JSON: '{"constructor": {}}' }, '{}')).toBe(false);
  });

  test('has {length} replaced by a number', () => {
    expect(accepts({ EXPECT_JSON: '{"ms": {length}}' }, '{"ms": 1500}')).toBe(true);
  });
});

test.each([
  [{ EXPECT_REGEX: '(' }, 'EXPECT_REGEX: SyntaxError'],
  [{ EXPECT_JSON: '{id' }, 'EXPECT_JSON: SyntaxError'],
  [{ EXPECT: '', EXPECT_JSON: '{}' }, 'only one of them is allowed'],
])('%j is an error before the first call', (env, message) => {
  expect(() => readExpected(env)).toThrow(message);
});
