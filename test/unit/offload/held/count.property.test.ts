import fc from 'fast-check';
import { countPolls } from '../../../../src/offload/held/count';
import { hostileText, manyTimes } from '../../shared/hostile';

test('for any $upstream_status, the number of polls is a whole number of 0 or more', () => {
  const status = fc.constantFrom('418', '503', '502', '-', '', ' : ', ', ', ':', ',');
  const upstreamStatus = fc.array(status, { maxLength: 20 }).map((all) => all.join(''));
  fc.assert(
    fc.property(
      fc.oneof(upstreamStatus, hostileText),
      fc.boolean(),
      fc.boolean(),
      (its, isTimeout, isCancelled) => {
        const polls = countPolls(its, 1, isTimeout, isCancelled);
        return Number.isInteger(polls) && polls >= 0;
      },
    ),
    manyTimes,
  );
});

test('n - 1 of n attempts are polls, in however many upstreams, and n - 2 at a timeout', () => {
  const groups = fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(groups, fc.boolean(), fc.boolean(), (attempts, isTimeout, isCancelled) => {
      const statuses = attempts.map((count) => Array(count).fill('503').join(', '));
      const all = attempts.reduce((sum, count) => sum + count, 0);
      const polls = Math.max(all - (isTimeout ? 2 : 1), 0);
      const groups = ['418', ...statuses, ...(isCancelled ? ['499'] : [])];
      expect(countPolls(groups.join(' : '), 1, isTimeout, isCancelled)).toBe(polls);
    }),
    { numRuns: 1_000 },
  );
});
