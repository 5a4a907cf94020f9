import fc from 'fast-check';
import { quoted } from '../../../src/shared/quoted';
import { endless, hostileText, manyTimes } from './hostile';

const text = fc.oneof({ weight: 50, arbitrary: hostileText }, { weight: 1, arbitrary: endless });

test('whatever is quoted for the log is printable, on one line, and leaves room in its 2 KB', () => {
  fc.assert(
    fc.property(text, (its) => {
      const inLog = quoted(its);
      return /^"[ !#-~]*"$/.test(inLog) && inLog.length <= 1_300;
    }),
    manyTimes,
  );
});

test('what was cut is marked, and the rest can be read back', () => {
  fc.assert(
    fc.property(text, (its) => {
      const inLog = quoted(its);
      const cut = its.length > 200 ? '...' : '';
      return inLog.endsWith(`${cut}"`) && JSON.parse(inLog) === its.slice(0, 200) + cut;
    }),
    manyTimes,
  );
});
