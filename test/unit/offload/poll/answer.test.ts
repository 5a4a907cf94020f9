import { bodyOf, isListed, meaning, readStatuses } from '../../../../src/offload/poll/answer';

/** Of the published signal. */
const PENDING = ' 202 400 425 ';

test.each([202, 425, 400])('%d: the job is running', (status) => {
  expect(meaning(status, undefined, PENDING, '')).toBe('pending');
  expect(meaning(status, '/result', PENDING, '')).toBe('pending');
});

test.each([502, 503, 504])('%d is a transient error', (status) => {
  expect(meaning(status, undefined, PENDING, '')).toBe('transient');
});

test('what is not listed as pending is the result, a 400 among them', () => {
  expect(meaning(400, undefined, ' 202 ', '')).toBe('result');
  expect(meaning(404, undefined, ' 202 404 ', '')).toBe('pending');
});

test('a listed status is a transient error, with a Location or without', () => {
  const listed = readStatuses('500 520') as string;
  expect(meaning(500, undefined, PENDING, listed)).toBe('transient');
  expect(meaning(520, '/result', PENDING, listed)).toBe('transient');
  expect(meaning(501, undefined, PENDING, listed)).toBe('result');
});

test.each([301, 302, 303, 307, 308])('%d: the result is at Location', (status) => {
  expect(meaning(status, '/result', PENDING, '')).toBe('elsewhere');
});

test.each([301, 302, 303, 307, 308])('%d without Location is the result', (status) => {
  expect(meaning(status, undefined, PENDING, '')).toBe('result');
});

test.each([200, 201, 204, 206, 300, 304, 401, 403, 404, 409, 410, 418, 422, 429, 500, 501, 505])(
  '%d is the result, with a Location or without',
  (status) => {
    expect(meaning(status, undefined, PENDING, '')).toBe('result');
    expect(meaning(status, '/result', PENDING, '')).toBe('result');
  },
);

test.each([
  [200, '10', 9],
  [200, '1', 0],
  [404, '10', 0],
  [500, '2048', 1024],
])('a %d with Content-Length %s and %d bytes is truncated', (status, declared, read) => {
  expect(bodyOf(status, declared, read)).toBe('truncated');
});

test.each([
  [200, '10', 10],
  [200, '0', 0],
  [200, 'unknown', 5],
  [204, '10', 0],
  [304, '10', 0],
  [204, undefined, 0],
  [304, undefined, 0],
])('a %d with Content-Length %s and %d bytes is complete', (status, declared, read) => {
  expect(bodyOf(status, declared, read)).toBe('complete');
});

test.each([
  [200, 0],
  [200, 10],
  [500, 10],
])('a %d without Content-Length and with %d bytes may be truncated', (status, read) => {
  expect(bodyOf(status, undefined, read)).toBe('unknown');
});

test.each([
  ['500', 500],
  ['500 520', 500],
  ['500 520', 520],
  [' 500  520 ', 520],
])('the list %j has %d', (text, status) => {
  expect(isListed(status, readStatuses(text) as string)).toBe(true);
});

test.each([
  ['', 500],
  ['500 520', 502],
  ['1500', 500],
  ['5000', 500],
])('the list %j does not have %d', (text, status) => {
  expect(isListed(status, readStatuses(text) as string)).toBe(false);
});

test.each(['5xx', '500,520', '-1', '500\n'])('%j is no list of statuses', (text) => {
  expect(readStatuses(text)).toBeUndefined();
});
