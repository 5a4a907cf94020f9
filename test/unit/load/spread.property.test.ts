import fc from 'fast-check';
import { planDisconnects } from '../../../load/client/disconnects';
import { lengthOf } from '../../../load/client/lengths';

const work = fc
  .record({
    job: fc.integer({ min: 1, max: 600_000 }),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(({ job, share }) => ({ job, spread: Math.floor(job * share) }));

test('the length of a job is a whole number of ms within the spread', () => {
  fc.assert(
    fc.property(fc.nat(), work, (number, { job, spread }) => {
      const length = lengthOf(number, job, spread);
      expect(Number.isInteger(length)).toBe(true);
      expect(Math.abs(length - job)).toBeLessThanOrEqual(spread);
    }),
  );
});

test('lengths are evenly distributed for any number of jobs', () => {
  fc.assert(
    fc.property(fc.integer({ min: 10, max: 5000 }), (jobs) => {
      const tenths = new Array(10).fill(0);
      for (let number = 0; number < jobs; number++) {
        tenths[Math.min(Math.floor(lengthOf(number, 500_000, 500_000) / 100_000), 9)]++;
      }
      // much less than of random numbers, whose deviation would be up to 60 of 500
      expect(Math.max(...tenths.map((many) => Math.abs(many - jobs / 10)))).toBeLessThan(5);
    }),
  );
});

test('the given share of clients disconnects during the work, evenly distributed', () => {
  const requests = fc.integer({ min: 1, max: 3000 });
  fc.assert(
    fc.property(requests, fc.integer({ min: 0, max: 100 }), (all, percent) => {
      const { count, disconnectsAt } = planDisconnects(all, Number(`${percent}e-2`));
      expect(count).toBe(Math.floor((all * percent) / 100));
      const shares: number[] = [];
      let deviation = 0;
      for (let number = 0; number < all; number++) {
        const share = disconnectsAt(number);
        if (share !== undefined) {
          shares.push(share);
        }
        deviation = Math.max(deviation, Math.abs(shares.length - ((number + 1) * percent) / 100));
      }
      expect(shares).toHaveLength(count);
      expect(shares.filter((share) => share < 0.1 || share > 0.9)).toEqual([]);
      expect(deviation).toBeLessThan(1);
    }),
  );
});
