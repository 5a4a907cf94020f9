import { quoted } from '../../../src/shared/quoted';

test.each([
  ['/poll 42', '"/poll 42"'],
  ['', '""'],
  ["/a?b='~", '"/a?b=\'~"'],
  ['/a"b\\c', '"/a\\u0022b\\u005cc"'],
  ['/a\r\n2026/01/31 [error] forged', '"/a\\u000d\\u000a2026/01/31 [error] forged"'],
  ['\x1b[2J\x7f\x9b', '"\\u001b[2J\\u007f\\u009b"'],
  ['/café/\u{1f4a9}', '"/caf\\u00e9/\\ud83d\\udca9"'],
])('%j is logged as %s', (text, expected) => {
  expect(quoted(text)).toBe(expected);
});

test('a text of more than 200 characters is truncated, and marked', () => {
  expect(quoted('x'.repeat(200))).toBe(`"${'x'.repeat(200)}"`);
  expect(quoted('x'.repeat(201))).toBe(`"${'x'.repeat(200)}..."`);
  expect(quoted('\0'.repeat(65_536))).toBe(`"${'\\u0000'.repeat(200)}..."`);
});
