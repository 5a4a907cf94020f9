import fc from 'fast-check';
import { whoLeaves } from '../../../load/client/leavers.js';
import { lengthOf } from '../../../load/client/lengths.js';

const work = fc
  .record({
    job: fc.integer({ min: 1, max: 600_000 }),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(({ job, share }) => ({ job, spread: Math.floor(job * share) }));

test('the work of any job is whole ms, and within the spread', () => {
  fc.assert(
    fc.property(fc.nat(), work, (number, { job, spread }) => {
      const length = lengthOf(number, job, spread);
      expect(Number.isInteger(length)).toBe(true);
      expect(Math.abs(length - job)).toBeLessThanOrEqual(spread);
    }),
  );
});

test('however many jobs there are, each tenth of the spread has its share of them', () => {
  fc.assert(
    fc.property(fc.integer({ min: 10, max: 5000 }), (jobs) => {
      const tenths = new Array(10).fill(0);
      for (let number = 0; number < jobs; number++) {
        tenths[Math.min(Math.floor(lengthOf(number, 500_000, 500_000) / 100_000), 9)]++;
      }
      // of numbers at random, a tenth of 5000 would be off by 60 now and then
      expect(Math.max(...tenths.map((many) => Math.abs(many - jobs / 10)))).toBeLessThan(5);
    }),
  );
});

test('as many leave as were asked to, part way, and evenly among those who stay', () => {
  const requests = fc.integer({ min: 1, max: 3000 });
  fc.assert(
    fc.property(requests, fc.integer({ min: 0, max: 100 }), (all, percent) => {
      const { count, leavesAt } = whoLeaves(all, Number(`${percent}e-2`));
      expect(count).toBe(Math.floor((all * percent) / 100));
      const shares: number[] = [];
      let furthest = 0;
      for (let number = 0; number < all; number++) {
        const share = leavesAt(number);
        if (share !== undefined) {
          shares.push(share);
        }
        furthest = Math.max(furthest, Math.abs(shares.length - ((number + 1) * percent) / 100));
      }
      expect(shares).toHaveLength(count);
      expect(shares.filter((share) => share < 0.1 || share > 0.9)).toEqual([]);
      expect(furthest).toBeLessThan(1);
    }),
  );
});
