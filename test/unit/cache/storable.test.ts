import { readFileSync } from 'node:fs';
import { cacheFile, isPurgeable } from '../../../src/cache/purge';
import { STORABLE, storable } from '../../../src/cache/storable';

const isStorable = (lines: [string, string][], hasVariant = false) =>
  storable(lines, hasVariant) === STORABLE;

test.each<[string, string]>([
  ['Content-Type', 'text/plain'],
  ['Cache-Control', 'public, max-age=60'],
  ['Cache-Control', 'max-age=05'],
  ['Vary', ''],
  ['Vary', 'Cookie'],
  ['vary', ' accept-encoding ,COOKIE, Authorization'],
  ['Content-Encoding', 'identity'],
])('%s: %s may be kept', (name, value) => {
  expect(isStorable([[name, value]])).toBe(true);
});

test.each<[string, string]>([
  ['Set-Cookie', 'a=1'],
  ['set-cookie', ''],
  ['Cache-Control', 'PRIVATE'],
  ['Cache-Control', 'max-age=60,no-store'],
  ['Cache-Control', 'private="x"'],
  ['Cache-Control', 'no-cache'],
  ['Cache-Control', 'max-age=0'],
  ['Cache-Control', 's-maxage=60, max-age=0, public'],
  ['Vary', '*'],
  ['Vary', 'Cookie, *'],
  ['Vary', 'Origin'],
  ['Vary', 'Cookie,Accept-Language'],
  ['Content-Encoding', 'br'],
])('%s: %s may not, in whichever line', (name, value) => {
  expect(isStorable([[name, value]])).toBe(false);
  expect(
    isStorable([
      ['Vary', 'Cookie'],
      [name, value],
      ['Cache-Control', 'public'],
    ]),
  ).toBe(false);
});

test('with a variant, Vary may name what it likes, but for *', () => {
  expect(isStorable([['Vary', 'Accept-Language']], true)).toBe(true);
  expect(isStorable([['Vary', 'Accept-Language, *']], true)).toBe(false);
});

test('a file lies where levels=1:2 has it', () => {
  expect(cacheFile('/c', '0123456789abcdef0123456789abcdef')).toBe(
    '/c/f/de/0123456789abcdef0123456789abcdef',
  );
});

test.each([
  '',
  '/a',
  'example.com/a',
  'http:///a',
  'https://example.com',
  'ftp://a/b',
  'x http://a/b',
])('no URL to purge: %j', (url) => {
  expect(isPurgeable(url)).toBe(false);
});
test.each(['http://a/', 'https://example.com:8443/a?b=http://c/'])('a URL to purge: %s', (url) => {
  expect(isPurgeable(url)).toBe(true);
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

test('the map of nginx/cache/http.conf has the word for what may be kept', () => {
  const conf = readFileSync('nginx/cache/http.conf', 'utf8');
  expect(STORABLE).not.toBe('');
  expect(conf).toContain(`    ${STORABLE} "";\n`);
});
