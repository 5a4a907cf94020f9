import { whyNotStorable } from '../../../src/cache/storable';

const isStorable = (lines: [string, string][], hasVariant = false) =>
  whyNotStorable(lines, hasVariant) === '';

test.each<[string, string]>([
  ['Content-Type', 'text/plain'],
  ['Cache-Control', 'public, max-age=60'],
  ['Cache-Control', 'max-age=05'],
  ['Vary', ''],
  ['Vary', 'Cookie'],
  ['vary', ' accept-encoding ,COOKIE, Authorization'],
  ['Content-Encoding', 'identity'],
])('%s: %s is storable', (name, value) => {
  expect(isStorable([[name, value]])).toBe(true);
});

test.each<[string, string, string]>([
  ['Set-Cookie', 'a=1', 'it sets a cookie'],
  ['set-cookie', '', 'it sets a cookie'],
  ['Cache-Control', 'PRIVATE', 'its Cache-Control forbids it'],
  ['Cache-Control', 'max-age=60,no-store', 'its Cache-Control forbids it'],
  ['Cache-Control', 'private="x"', 'its Cache-Control forbids it'],
  ['Cache-Control', 'no-cache', 'its Cache-Control forbids it'],
  ['Cache-Control', 'max-age=0', 'its Cache-Control forbids it'],
  ['Cache-Control', 's-maxage=60, max-age=0, public', 'its Cache-Control forbids it'],
  ['Vary', '*', 'its Vary names what is not in the key'],
  ['Vary', 'Cookie, *', 'its Vary names what is not in the key'],
  ['Vary', 'Origin', 'its Vary names what is not in the key'],
  ['Vary', 'Cookie,Accept-Language', 'its Vary names what is not in the key'],
  ['Content-Encoding', 'br', 'it is encoded, unasked'],
])('%s: %s is not, in whichever line', (name, value, reason) => {
  expect(whyNotStorable([[name, value]], false)).toBe(reason);
  const among: [string, string][] = [
    ['Vary', 'Cookie'],
    [name, value],
    ['Cache-Control', 'public'],
  ];
  expect(whyNotStorable(among, false)).toBe(reason);
});

test('with a variant, Vary may contain any name but *', () => {
  expect(isStorable([['Vary', 'Accept-Language']], true)).toBe(true);
  expect(isStorable([['Vary', 'Accept-Language, *']], true)).toBe(false);
});

test.each<[string, string]>([
  ['Content-Encoding', ''],
  ['Content-Encoding', '\tidentity '],
])('white space and an empty value forbid nothing: %s: %j', (name, value) => {
  expect(isStorable([[name, value]])).toBe(true);
});

test.each<[string, string]>([
  ['Set-Cookie2', 'a=1'],
  ['Cache-Control', 'no-store'],
  ['Cache-Control', 'private'],
])('an answer for one visitor is not kept: %s: %s', (name, value) => {
  expect(isStorable([[name, value]])).toBe(false);
});
