import { readRetryAfter } from '../../../../src/offload/schedule/retry-after';

const now = Date.parse('Sun, 06 Nov 1994 08:49:37 GMT');
const day = 86_400_000;

test.each([
  ['0', 0],
  ['1', 1_000],
  [' 120 ', 120_000],
  ['007', 7_000],
  ['86400', day],
])('%j seconds are %d ms', (header, ms) => {
  expect(readRetryAfter(header, now)).toBe(ms);
});

test.each([
  ['Sun, 06 Nov 1994 08:49:37 GMT', 0],
  ['Sun, 06 Nov 1994 08:49:38 GMT', 1_000],
  [' Sun, 06 Nov 1994 08:50:37 GMT ', 60_000],
  ['Mon, 07 Nov 1994 08:49:37 GMT', day],
])('the date %j is %d ms ahead', (header, ms) => {
  expect(readRetryAfter(header, now)).toBe(ms);
});

test.each(['Sun, 06 Nov 1994 08:49:36 GMT', 'Thu, 01 Jan 1970 00:00:00 GMT'])(
  'the date %s lies behind, which is now',
  (header) => {
    expect(readRetryAfter(header, now)).toBe(0);
  },
);

test.each([
  '86401',
  '99999999999',
  '9'.repeat(400),
  'Mon, 07 Nov 1994 08:49:38 GMT',
  'Fri, 31 Dec 9999 23:59:59 GMT',
])('more than a day is cut to a day: %s', (header) => {
  expect(readRetryAfter(header, now)).toBe(day);
});

test.each([
  '',
  ' ',
  'soon',
  '-1',
  '+1',
  '1.5',
  '1e3',
  '0x10',
  '1, 2',
  '10 s',
  'Infinity',
  '1994-11-06T08:49:37Z',
  'Sun, 06 Nov 1994 08:49:37',
  'Sun, 06 Nov 1994 08:49:37 CET',
  'Sun, 99 Nov 1994 08:49:37 GMT',
  'Xxx, yyy GMT',
])('%j says nothing', (header) => {
  expect(readRetryAfter(header, now)).toBeUndefined();
});

test('a date in the obsolete form of RFC 850 is read', () => {
  expect(readRetryAfter('Sunday, 06-Nov-94 08:49:38 GMT', now)).toBe(1_000);
  expect(readRetryAfter('Wednesday, 09-Nov-94 08:49:37 GMT', now)).toBe(day);
});

test.each([
  'Su, 06 Nov 1994 08:49:38 GMT',
  'Wednesdays, 06 Nov 1994 08:49:38 GMT',
  'sun, 06 Nov 1994 08:49:38 GMT',
  '(Sun), 06 Nov 1994 08:49:38 GMT',
  '-12, 06 Nov 1994 08:49:38 GMT',
  '06 Nov 1994 08:49:38 GMT',
])('a date without a day of the week in the form of HTTP says nothing: %s', (header) => {
  expect(Date.parse(header)).not.toBeNaN();
  expect(readRetryAfter(header, now)).toBeUndefined();
});
