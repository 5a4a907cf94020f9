import { hashOf } from '../../../../src/offload/app/hash.njs';
import { backoffJitter } from '../../../../src/offload/schedule/jitter';

const jitterOf = (text: string) => backoffJitter(hashOf(text));

const together = (from: number, count: number) =>
  Array.from({ length: count }, (_, i) => jitterOf(`1700000000.123/poll${from + i}`));

test.each([1, 1_000, 123_000, 9_999_500])(
  'a thousand jobs that came together are jitter over the range: from id %d',
  (from) => {
    const tenths = new Array<number>(10).fill(0);
    for (const jitter of together(from, 1_000)) {
      const tenth = Math.min(Math.floor((jitter - 0.9) * 50), 9);
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
    }
    expect(Math.min(...tenths)).toBeGreaterThan(60);
    expect(Math.max(...tenths)).toBeLessThan(140);
  },
);

test.each([0, 10, 40, 990, 12_340])(
  'ten jobs that came together are not polled together: from id %d',
  (from) => {
    const spreads = together(from, 10);
    expect(Math.max(...spreads) - Math.min(...spreads)).toBeGreaterThan(0.1);
  },
);

test('the same job that comes again, a millisecond later, has a factor of its own', () => {
  expect(jitterOf('1700000000.123/poll42')).not.toBe(jitterOf('1700000000.124/poll42'));
});

test.each([
  ['', 1.065715],
  ['1700000000.123/poll42', 1.047014],
])('a job keeps its factor when nginx reloads with another version: %j', (text, factor) => {
  expect(jitterOf(text)).toBeCloseTo(factor, 6);
});
