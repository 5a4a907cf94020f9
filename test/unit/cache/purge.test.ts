import {
  cacheFolder,
  fetchBegan,
  isPart,
  isPurgeable,
  isPurgedSince,
  marksOf,
  PURGE_TIME,
} from '../../../src/cache/purge';

const DIGEST = '0123456789abcdef0123456789abcdef';

test('the folder of a file is that of levels=1:2', () => {
  expect(cacheFolder('/c', DIGEST)).toBe('/c/f/de');
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

test.each([
  [`${DIGEST}.0000000012`, true],
  [DIGEST, false],
  [`1${DIGEST}.0000000012`, false],
  ['0123456789abcdef0123456789abcdee.0000000012', false],
])('%s is a part of an answer: %j', (name, expected) => {
  expect(isPart(name, DIGEST)).toBe(expected);
});

test('the marks of an answer are that of all and that of its folder', () => {
  expect(marksOf('/m', DIGEST)).toEqual(['/m/all', '/m/def']);
});

test.each([
  ['1795985034.608', '1.025', 1795985033583],
  ['1795985034.608', '0.000', 1795985034608],
  // after an internal redirect
  ['1795985034.608', '3.000 : 0.500', 1795985034108],
  ['1795985034.608', '3.000, 2.000 : 0.500', 1795985034108],
])('at %s, after %s, an answer was fetched since %d', (now, times, began) => {
  expect(Math.round(fetchBegan(now, times))).toBe(began);
});

describe('an answer is purged', () => {
  const mark = 1795985033556.66;

  test('if it was being fetched, whichever clock is behind', () => {
    expect(isPurgedSince(mark, mark - 1000)).toBe(true);
    expect(isPurgedSince(mark, mark)).toBe(true);
    expect(isPurgedSince(mark, mark + 10)).toBe(true);
  });

  test('but not if it was requested after the purge', () => {
    expect(isPurgedSince(mark, mark + PURGE_TIME)).toBe(false);
    expect(isPurgedSince(Number.NEGATIVE_INFINITY, 0)).toBe(false);
  });

  test.each([['-'], [''], ['0.5 : -'], ['undefined']])(
    'if nginx does not say when it began: %j',
    (times) => {
      expect(isPurgedSince(mark, fetchBegan('1795985034.608', times))).toBe(true);
      expect(isPurgedSince(Number.NEGATIVE_INFINITY, fetchBegan('', times))).toBe(true);
    },
  );
});
