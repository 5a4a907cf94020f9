import fc from 'fast-check';
import { pollsOf } from '../../../src/poll/count';
import { jitterOf } from '../../../src/schedule/jitter';
import { hostileNumber, hostileText, manyTimes } from '../shared/hostile';

test('whatever nginx says, polls are a whole number of 0 or more', () => {
  const status = fc.constantFrom('418', '503', '502', '-', '', ' : ', ', ', ':', ',');
  const upstreamStatus = fc.array(status, { maxLength: 20 }).map((all) => all.join(''));
  fc.assert(
    fc.property(
      fc.oneof(upstreamStatus, hostileText),
      fc.boolean(),
      fc.boolean(),
      (its, isExpired, isTold) => {
        const polls = pollsOf(its, isExpired, isTold);
        return Number.isInteger(polls) && polls >= 0;
      },
    ),
    manyTimes,
  );
});

test('of n tries n - 1 are polls, on however many upstreams, and n - 2 past the deadline', () => {
  const groups = fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(groups, fc.boolean(), fc.boolean(), (tries, isExpired, isTold) => {
      const statuses = tries.map((count) => Array(count).fill('503').join(', '));
      const all = tries.reduce((sum, count) => sum + count, 0);
      const polls = Math.max(all - (isExpired ? 2 : 1), 0);
      const groups = ['418', ...statuses, ...(isTold ? ['499'] : [])];
      expect(pollsOf(groups.join(' : '), isExpired, isTold)).toBe(polls);
    }),
    { numRuns: 1_000 },
  );
});

test('any job has a factor of 0.9 to 1.1, always the same', () => {
  const signal = fc.oneof(hostileNumber, fc.uuid(), fc.string({ unit: 'binary' }));
  fc.assert(
    fc.property(signal, (its) => {
      const jitter = jitterOf(its);
      return jitter >= 0.9 && jitter <= 1.1 && jitterOf(its) === jitter;
    }),
    manyTimes,
  );
});
