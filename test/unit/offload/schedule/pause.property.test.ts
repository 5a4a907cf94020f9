import fc from 'fast-check';
import { LAST_PAUSE, pauseMs, pauseNumber } from '../../../../src/offload/schedule/pause';
import { LONGEST_TIMEOUT_MS } from '../../../../src/offload/schedule/settings';
import { manyTimes } from '../../shared/hostile';
import { anySettings } from './any-settings';

const share = fc.double({ min: 0, max: 1, noNaN: true });

test('a pause ends when the attempt is due or up to a twentieth later, and before the timeout if the attempt is due before it', () => {
  fc.assert(
    fc.property(anySettings, share, share, (settings, at, then) => {
      const waited = at * settings.timeout;
      const until = waited + then * (settings.timeout - waited);
      const number = pauseNumber(settings, waited, until);
      const ms = pauseMs(number);
      const wanted = until - waited;
      const isLate = ms >= wanted && ms <= Math.max(wanted * 1.05 + 1, 10);
      const isLongest = number === LAST_PAUSE;
      const isEarly = ms < wanted && ms >= wanted / 1.05 - 1 && until < settings.timeout;
      const leavesTime = waited + ms < settings.timeout || until >= settings.timeout - 20;
      return (
        Number.isInteger(number) && number >= 0 && (isLate || isEarly || isLongest) && leavesTime
      );
    }),
    manyTimes,
  );
});

test('any pause has a number that nginx has a location for', () => {
  fc.assert(
    fc.property(
      anySettings,
      fc.double({ min: -1e12, max: LONGEST_TIMEOUT_MS, noNaN: true }),
      (settings, until) => {
        const number = pauseNumber(settings, 0, until);
        return Number.isInteger(number) && number >= 0 && number <= LAST_PAUSE;
      },
    ),
    manyTimes,
  );
});
