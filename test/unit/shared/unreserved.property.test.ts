import fc from 'fast-check';
import { isUnreserved } from '../../../src/shared/unreserved';
import { manyTimes } from './hostile';

test('a text of unreserved characters, of RFC 3986, is told from any other', () => {
  const near = fc.string({ unit: fc.constantFrom(..."aZ09-._~!'()*:%/ \u007f\u00fc\ud800") });
  fc.assert(
    fc.property(fc.oneof(near, fc.string({ unit: 'binary' })), (text) => {
      expect(isUnreserved(text)).toBe(/^[A-Za-z0-9._~-]*$/.test(text));
    }),
    manyTimes,
  );
});
