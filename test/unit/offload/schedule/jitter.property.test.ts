import fc from 'fast-check';
import { hashOf } from '../../../../src/offload/app/hash.njs';
import { backoffJitter } from '../../../../src/offload/schedule/jitter';
import { hostileNumber, manyTimes } from '../../shared/hostile';

const jitterOf = (text: string) => backoffJitter(hashOf(text));

test('the jitter of a job is a factor of 0.9 to 1.1, always the same', () => {
  const signal = fc.oneof(hostileNumber, fc.uuid(), fc.string({ unit: 'binary' }));
  fc.assert(
    fc.property(signal, (its) => {
      const jitter = jitterOf(its);
      return jitter >= 0.9 && jitter <= 1.1 && jitterOf(its) === jitter;
    }),
    manyTimes,
  );
});
