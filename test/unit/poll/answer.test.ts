import { bodyOf, isShort, meaning } from '../../../src/poll/answer';

test.each([202, 425, 400])('%d means that the job runs', (status) => {
  expect(meaning(status, undefined, '')).toBe('pending');
  expect(meaning(status, '/result', '')).toBe('pending');
});

test.each([502, 503, 504])('%d means that the poll is lost and the job is not', (status) => {
  expect(meaning(status, undefined, '')).toBe('lost');
});

test.each([301, 302, 303, 307, 308])('%d means that the result is at Location', (status) => {
  expect(meaning(status, '/result', '')).toBe('elsewhere');
});

test.each([301, 302, 303, 307, 308])('%d without Location is the result itself', (status) => {
  expect(meaning(status, undefined, '')).toBe('result');
});

test.each([200, 201, 204, 206, 300, 304, 401, 403, 404, 409, 410, 418, 422, 429, 500, 501, 505])(
  '%d is the result, with a Location or without',
  (status) => {
    expect(meaning(status, undefined, '')).toBe('result');
    expect(meaning(status, '/result', '')).toBe('result');
  },
);

test.each([
  ['0', true],
  ['1048576', true],
  ['1048577', false],
  [undefined, false],
])('a Content-Length of %s fits into a poll: %s', (declared, fits) => {
  expect(isShort(declared)).toBe(fits);
});

test.each([
  [200, '10', 9],
  [200, '1', 0],
  [404, '10', 0],
  [500, '2048', 1024],
])('a %d that declares %s bytes and has %d broke off', (status, declared, read) => {
  expect(bodyOf(status, declared, read)).toBe('cut off');
});

test.each([
  [200, '10', 10],
  [200, '0', 0],
  [200, 'unknown', 5],
  [204, '10', 0],
  [304, '10', 0],
  [204, undefined, 0],
  [304, undefined, 0],
])('a %d that declares %s bytes and has %d is whole', (status, declared, read) => {
  expect(bodyOf(status, declared, read)).toBe('whole');
});

test.each([
  [200, 0],
  [200, 10],
  [500, 10],
])('of a %d that declares nothing and has %d bytes nobody knows', (status, read) => {
  expect(bodyOf(status, undefined, read)).toBe('unknown');
});

test('a status of $offload_transient is a transient error, and one that it does not list is the result', () => {
  expect(meaning(500, undefined, ' 500 520 ')).toBe('lost');
  expect(meaning(520, '/result', ' 500 520 ')).toBe('lost');
  expect(meaning(501, undefined, ' 500 520 ')).toBe('result');
});
