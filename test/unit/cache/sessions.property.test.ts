/** The regular expressions of cache/sessions.conf, against a parser of cookies. */

import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { long } from '../../../testkit/jest/long';

const NAMES = [
  ...['session', 'sessionid', 'remember_token', 'PHPSESSID', 'JSESSIONID', 'connect.sid'],
  ...[
    '__Host-session',
    '__Secure-session',
    '_app_session',
    'ci_session',
    'remember_web_0',
    'REMEMBERME',
  ],
  ...[
    'wordpress_logged_in_0',
    'wp-postpass_0',
    'comment_author_0',
    'SESSa0',
    'SSESSa0',
    '_oauth2_proxy',
  ],
  ...['_oauth2_proxy_0', '.AspNetCore.Cookies', 'next-auth.session-token', 'KEYCLOAK_IDENTITY'],
];

const text = readFileSync('nginx/cache/sessions.conf', 'utf8');

/**
 * In PCRE and JavaScript the same, for ASCII, but for (?x): without its spaces and comments. nginx reads `\"` as `"`.
 */
const expressionOf = (conf: string) => {
  const [, source = ''] = /"~\*\(\?x\)\n(.*?)" 1;$/ms.exec(conf) ?? [];
  return new RegExp(
    source
      .replaceAll(/^ *#.*$/gm, '')
      .replaceAll(/[ \n]/g, '')
      .replaceAll('\\"', '"'),
    'i',
  );
};
const expression = expressionOf(text);
const isFound = (header: string) => expression.test(header);

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
      return !isSession || isFound(text);
    }),
    { numRuns: long(100_000, 20_000) },
  );
});

test('each name is found on its own, and none as a value', () => {
  expect(NAMES.filter((name) => !isFound(`a=1; ${name}=1`))).toEqual([]);
  expect(NAMES.filter((name) => isFound(`a=${name}`))).toEqual([]);
});

const harmless = fc.oneof(
  fc.constantFrom(
    'csrftoken',
    'XSRF-TOKEN',
    '_ga',
    '_fbp',
    'cf_clearance',
    'lang',
    'sessio',
    'mysession',
  ),
  fc.constantFrom(';', '; ', ',', ', ', ';\t', '=', '"', ' ', ' = ', ''),
);

test('a header without any of the names is anonymous', () => {
  fc.assert(
    fc.property(fc.array(harmless, { maxLength: 12 }), (pieces) => !isFound(pieces.join(''))),
    { numRuns: long(100_000, 20_000) },
  );
});

test('the line of docs/cache.md adds a name', () => {
  const [, line = ''] =
    /```nginx\n( *\| my_login_\n)```/.exec(readFileSync('docs/cache.md', 'utf8')) ?? [];
  const added = expressionOf(text.replace(/(?=^ *# Single sign-on)/m, line));
  expect([isFound('my_login_7=1'), added.test('my_login_7=1')]).toEqual([false, true]);
});
