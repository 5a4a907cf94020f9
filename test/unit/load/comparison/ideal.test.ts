import { idealSeconds } from '../../../../load/comparison/ideal';

test('2000 requests of 10 s on 200 connections take 100 s at best', () => {
  expect(idealSeconds(new Array(2000).fill(10_000), 200)).toBe(100);
});

test('a last request that is alone takes all of its time', () => {
  expect(idealSeconds([1000, 1000, 1000], 2)).toBe(2);
});

test('each request goes to the connection that is free first', () => {
  expect(idealSeconds([3000, 1000, 1000, 1000], 2)).toBe(3);
});

test('connections that have nothing to do are no help', () => {
  expect(idealSeconds([1000], 200)).toBe(1);
});
