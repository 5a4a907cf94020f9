/**
 * Generators of malicious header values: mostly valid texts with parts that parsers interpret
 * differently.
 */

import fc from 'fast-check';
import { long } from '../../../testkit/jest/long';

/** The number of values that a property is tested with. */
export const manyTimes = { numRuns: long(10_000, 2_000) };

const separators = ['/', '//', '\\', '?', '#', ';', ';x=1', ':', '@', '&', '=', '+', '|', '*'];
const dots = ['.', '..', '...', '../', './', '/..', '/.', '..;', '.;/', '. .'];
const encoded = [
  ...['%2e', '%2E', '%2e%2e', '%2f', '%2F', '%5c', '%3f', '%23', '%3b', '%25', '%20', '%3a', '%40'],
  ...['%00', '%09', '%0a', '%0d%0a', '%1b', '%7f', '%C2%80', '%C2%9b', '%C3%A9', '%e2%80%a8'],
  // encoded twice and three times
  ...[
    '%252e',
    '%252e%252e',
    '%252f',
    '%255c',
    '%2500',
    '%250d%250a',
    '%25252e',
    '%2525',
    '%25%32e',
  ],
  // overlong, truncated, half a surrogate pair, not hexadecimal
  ...['%c0%ae', '%c0%af', '%e0%80%af', '%f0%80%80%ae', '%C3', '%ed%a0%80', '%ff', '%', '%2', '%zz'],
];
const controls = [
  '\r',
  '\n',
  '\r\n',
  '\0',
  '\t',
  ' ',
  '\x0b',
  '\x1b[2J',
  '\x7f',
  '\x80',
  '\x9b31m',
];
const unicode = [
  'é',
  'ß',
  '\u{1f4a9}',
  '\u202e',
  '\u2028',
  '\uff0e\uff0e\uff0f',
  '\ud800',
  '\udc00',
];
const injections = [
  '\r\nX-Offload-Url: /admin',
  '\r\n\r\nGET /admin HTTP/1.1\r\n',
  ' HTTP/1.1\r\n',
];
const words = [
  'poll',
  'admin',
  'found',
  '42',
  'a',
  '~',
  "'",
  '"',
  '<',
  '[',
  '{',
  '^',
  '`',
  '!',
  '$',
  '(',
  ',',
];
const hosts = [
  ...['http://app/', 'https://app/', 'HTTP://APP/', '//app/', 'http://app:80/', 'https://app:443/'],
  ...['http://app:8080/', '//app:80/', 'http://app@evil/', 'http://evil@app/', 'http://app.evil/'],
  ...['http://evil/', '//evil/', '///evil', '/\\evil/', 'http:/app/', 'http:app/', 'http:///app/'],
  ...[
    'http://[::1]/',
    'http://0x7f.1/',
    'http://app?@evil/',
    'http://app#@evil/',
    'http://app\\@evil/',
  ],
  ...[
    'javascript:alert(1)',
    'data:,x',
    'file:///etc/passwd',
    'ftp://app/',
    'unix:/run/x',
    '@internal',
  ],
];

/** A valid path segment. */
export const plainSegment = fc.stringMatching(/^[\w.~-]{1,12}$/);

const piece = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...words, '/', '/poll/') },
  { weight: 2, arbitrary: fc.constantFrom(...dots, ...separators) },
  { weight: 2, arbitrary: fc.constantFrom(...encoded) },
  { weight: 1, arbitrary: fc.constantFrom(...controls, ...unicode, ...injections) },
  { weight: 2, arbitrary: plainSegment },
);
const fewPieces = fc.array(piece, { maxLength: 8 }).map((all) => all.join(''));

/** A valid segment with one special part, so that many are accepted. */
const nearlyValid = fc
  .tuple(
    plainSegment,
    fc.constantFrom('', '/', '/', ...dots, ...encoded, ...separators),
    plainSegment,
  )
  .map((all) => all.join(''));

/** 64 KB and more of repeated text. */
export const veryLong = fc
  .tuple(
    fc.constantFrom('x', '/', '../', '%2e', '%', '\r\n', '"', '\x1b', 'é', '9', ' '),
    fewPieces,
  )
  .map(([again, end]) => again.repeat(65_536 / again.length) + end);

/** Values for the url of a signal. */
export const hostilePath: fc.Arbitrary<string> = fc.oneof(
  { weight: 60, arbitrary: nearlyValid.map((text) => `/poll/${text}`) },
  { weight: 30, arbitrary: fewPieces.map((text) => `/poll${text}`) },
  { weight: 10, arbitrary: fewPieces },
  {
    weight: 10,
    arbitrary: fc.tuple(fc.constantFrom(...hosts), fewPieces).map((all) => all.join('')),
  },
  { weight: 10, arbitrary: fc.webUrl({ withQueryParameters: true, withFragments: true }) },
  { weight: 10, arbitrary: fc.string({ unit: 'binary' }) },
  { weight: 1, arbitrary: veryLong.map((text) => `/poll${text}`) },
);

/** Values for the args of a signal. */
export const hostileArgs: fc.Arbitrary<string> = fc.oneof(
  { weight: 30, arbitrary: fc.oneof(fc.nat().map(String), fc.uuid(), fc.constant('')) },
  { weight: 20, arbitrary: nearlyValid },
  { weight: 20, arbitrary: fewPieces },
  { weight: 5, arbitrary: fc.string({ unit: 'binary' }) },
  { weight: 1, arbitrary: veryLong },
);

/** Numbers, and texts that some parsers accept as numbers. */
export const hostileNumber: fc.Arbitrary<string> = fc.oneof(
  fc.nat({ max: 100_000 }).map(String),
  fc.integer().map(String),
  fc.double().map(String),
  fc.bigInt().map(String),
  fc.constantFrom(
    '',
    ' ',
    '-0',
    '+1',
    '1e3',
    '1e999',
    '-1e3',
    '0x10',
    '0b1',
    '0o7',
    '1_000',
    '1,5',
  ),
  fc.constantFrom(
    '007',
    ' 5',
    '5 ',
    '5\t',
    '٣',
    '１',
    'NaN',
    'Infinity',
    '-Infinity',
    '1, 2',
    '5;q=1',
  ),
  fc.nat({ max: 400 }).map((digits) => '9'.repeat(digits)),
);

const anyDate = fc.date({ noInvalidDate: true });

/** Valid and invalid dates. */
export const hostileDate: fc.Arbitrary<string> = fc.oneof(
  anyDate.map((date) => date.toUTCString()),
  anyDate.map((date) => date.toISOString()),
  anyDate.map((date) => date.toString()),
  anyDate.map((date) => date.toUTCString().replace('GMT', 'CET')),
  fc
    .tuple(hostileNumber, hostileNumber)
    .map(([day, year]) => `Sun, ${day} Nov ${year} 08:49:37 GMT`),
  fewPieces.map((text) => `Sun, ${text} GMT`),
  fc.constantFrom('Sunday, 06-Nov-94 08:49:37 GMT', 'Sun Nov  6 08:49:37 1994', 'Sun, GMT', 'GMT'),
);

const unit = fc.constantFrom(
  '',
  'ms',
  's',
  'm',
  'h',
  'd',
  'w',
  'M',
  'y',
  'S',
  'sec',
  '%',
  ' ',
  '\n',
);

/** Values of settings: durations, percentages, and texts that a map could copy from a header. */
export const hostileSetting: fc.Arbitrary<string> = fc.oneof(
  fc
    .array(fc.tuple(hostileNumber, unit, fc.constantFrom('', ' ', '  ', '\t')), { maxLength: 4 })
    .map((all) => all.flat().join('')),
  fc.tuple(fc.nat({ max: 400 }), unit).map((all) => all.join('')),
  fc.double({ min: 0, max: 250, noNaN: true }).map((share) => `${share}%`),
  hostileArgs,
);

/** Any text. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  hostilePath,
  hostileArgs,
  hostileNumber,
  hostileDate,
  hostileSetting,
  fc.string({ unit: 'binary' }),
);
