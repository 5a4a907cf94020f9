import { readExpected } from '../../../../load/client/expected.js';

const answers = (env: Record<string, string>, body: string) =>
  readExpected(env)(body, 'run-7', 1500);

describe('an exact text', () => {
  test('is the whole body, to its last byte', () => {
    expect(answers({ EXPECT: 'label {id}' }, 'label run-7')).toBe(true);
    expect(answers({ EXPECT: 'label {id}' }, 'label run-7\n')).toBe(false);
    expect(answers({ EXPECT: 'label {id}' }, 'a label run-7')).toBe(false);
  });

  test('is the line that the app of the tests answers with, unless given', () => {
    expect(answers({}, 'result of run-7\n')).toBe(true);
    expect(answers({}, 'result of run-8\n')).toBe(false);
  });

  test('may be empty', () => {
    expect(answers({ EXPECT: '' }, '')).toBe(true);
    expect(answers({ EXPECT: '' }, 'something')).toBe(false);
  });

  test('has no patterns', () => {
    expect(answers({ EXPECT: '.*' }, 'anything')).toBe(false);
  });
});

describe('a regular expression', () => {
  test('is found anywhere, unless it says where', () => {
    expect(answers({ EXPECT_REGEX: 'label {id}' }, 'the label run-7 of 1500')).toBe(true);
    expect(answers({ EXPECT_REGEX: '^label {id}$' }, 'the label run-7')).toBe(false);
  });

  test('names the job, and a quantifier is none of its names', () => {
    expect(answers({ EXPECT_REGEX: '^{id}: [0-9]{4} of {length}$' }, 'run-7: 2026 of 1500')).toBe(
      true,
    );
  });
});

describe('values of a JSON', () => {
  const label = '{"order": "{id}", "parcels": [{"kg": 2}], "paid": true}';

  test('stand in any order and form, among others', () => {
    const body = '{ "paid":true,"at":"now", "parcels":[ {"kg":2.0,"no":1} ],\n"order":"run-7" }';
    expect(answers({ EXPECT_JSON: label }, body)).toBe(true);
  });

  test.each([
    ['another id', '{"order":"run-8","parcels":[{"kg":2}],"paid":true}'],
    ['a missing member', '{"order":"run-7","parcels":[{"kg":2}]}'],
    ['another type', '{"order":"run-7","parcels":[{"kg":"2"}],"paid":true}'],
    ['a longer list', '{"order":"run-7","parcels":[{"kg":2},{"kg":2}],"paid":true}'],
    ['an object in the place of a list', '{"order":"run-7","parcels":{"0":{"kg":2}},"paid":true}'],
    ['null', 'null'],
    ['no JSON', 'order run-7'],
    ['nothing', ''],
  ])('are not there in %s', (_, body) => {
    expect(answers({ EXPECT_JSON: label }, body)).toBe(false);
  });

  test('are own members of the answer', () => {
    expect(answers({ EXPECT_JSON: '{"constructor": {}}' }, '{}')).toBe(false);
  });

  test('have the length as a number', () => {
    expect(answers({ EXPECT_JSON: '{"ms": {length}}' }, '{"ms": 1500}')).toBe(true);
  });
});

test.each([
  [{ EXPECT_REGEX: '(' }, 'EXPECT_REGEX: SyntaxError'],
  [{ EXPECT_JSON: '{id' }, 'EXPECT_JSON: SyntaxError'],
  [{ EXPECT: '', EXPECT_JSON: '{}' }, 'give one of them'],
])('%j is an error before the first call', (env, message) => {
  expect(() => readExpected(env)).toThrow(message);
});
