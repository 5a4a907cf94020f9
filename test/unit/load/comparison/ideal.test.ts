import { idealSeconds } from '../../../../load/comparison/ideal';

test('2000 requests of 10 s on 200 connections take at least 100 s', () => {
  expect(idealSeconds(new Array(2000).fill(10_000), 200)).toBe(100);
});

test('the last request may run alone', () => {
  expect(idealSeconds([1000, 1000, 1000], 2)).toBe(2);
});

test('a request is sent on the connection that is free first', () => {
  expect(idealSeconds([3000, 1000, 1000, 1000], 2)).toBe(3);
});

test('unused connections have no effect', () => {
  expect(idealSeconds([1000], 200)).toBe(1);
});
