/** The regular expression of cache/sessions.conf, against a parser of cookies. */

import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { long } from '../../../testkit/long';

const NAMES = [
  ...['session', 'sessionid', 'remember_token', 'PHPSESSID', 'JSESSIONID', 'connect.sid'],
  ...['__Host-session', '__Secure-session'],
];

/** In PCRE and JavaScript the same, for ASCII; nginx reads `\"` as `"`. */
const [, source = ''] = /^ *"~\*(.*)" 1;$/m.exec(
  readFileSync('nginx/cache/sessions.conf', 'utf8'),
) as RegExpExecArray;
const sessions = new RegExp(source.replaceAll('\\"', '"'), 'i');

/** As lenient as any server: comma and semicolon separate, spaces and quotes do not count. */
function cookieNames(header: string): string[] {
  return header
    .split(/[;,]/)
    .map((cookie) => cookie.split('=')[0]?.replace(/^[\s"]+|[\s"]+$/g, '') ?? '');
}

const piece = fc.oneof(
  fc.constantFrom(...NAMES, ...NAMES.map((name) => name.toUpperCase()), 'connectXsid', 'sessio'),
  fc.constantFrom(';', '; ', ',', ', ', ';\t', '=', '"', ' ', ' = ', ''),
  fc.string({ unit: 'grapheme-ascii', maxLength: 4 }),
);
const header = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
const hasName = (text: string, name: string) => text.toLowerCase().startsWith(name.toLowerCase());

test('a cookie whose name begins with one of the list is found, in any header', () => {
  fc.assert(
    fc.property(header, (text) => {
      const isSession = cookieNames(text).some((each) => NAMES.some((name) => hasName(each, name)));
      return !isSession || sessions.test(text);
    }),
    { numRuns: long(100_000, 20_000) },
  );
});

test('a header without any of the names is anonymous', () => {
  fc.assert(
    fc.property(header, (text) => {
      const lower = text.toLowerCase();
      return NAMES.some((name) => lower.includes(name.toLowerCase())) || !sessions.test(text);
    }),
    { numRuns: long(100_000, 20_000) },
  );
});

test('each name of the list is found on its own', () => {
  expect(NAMES.filter((name) => !sessions.test(`a=1; ${name}=1`))).toEqual([]);
});
