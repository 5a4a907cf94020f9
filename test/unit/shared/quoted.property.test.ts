import fc from 'fast-check';
import { quoted } from '../../../src/shared/quoted';
import { hostileText, manyTimes, veryLong } from './hostile';

const text = fc.oneof({ weight: 50, arbitrary: hostileText }, { weight: 1, arbitrary: veryLong });

test('any quoted text is printable, on one line, and short enough for a log line of 2 KB', () => {
  fc.assert(
    fc.property(text, (its) => {
      const inLog = quoted(its);
      return /^"[ !#-~]*"$/.test(inLog) && inLog.length <= 1_300;
    }),
    manyTimes,
  );
});

test('a truncated text is marked, and the rest can be parsed back', () => {
  fc.assert(
    fc.property(text, (its) => {
      const inLog = quoted(its);
      const cut = its.length > 200 ? '...' : '';
      return inLog.endsWith(`${cut}"`) && JSON.parse(inLog) === its.slice(0, 200) + cut;
    }),
    manyTimes,
  );
});
