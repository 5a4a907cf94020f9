import fc from 'fast-check';
import { LONGEST_HOP_MS } from '../../../../src/offload/hop/due';
import {
  LAST_PAUSE,
  MOST_STEPS,
  PAUSE_ERROR,
  pauseMs,
  pauseNumber,
  stepsMs,
} from '../../../../src/offload/schedule/pause';
import { pauseInSteps, readSchedule } from '../../../../src/offload/schedule/schedule';
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

describe('in steps, for a client that is sent on', () => {
  const day = { timeout: '1d', retryAfter: '' };
  /** Of a time that is not planned, of a Retry-After of the signal, and of a plan. */
  const schedules = [day, { ...day, retryAfter: '80000' }, { ...day, plan: true }].map((each) => {
    const { timeout, retryAfter } = each;
    const schedule = readSchedule(timeout, '1s', '10%', '1m', 'off', retryAfter, 0, 1);
    if ('plan' in each) {
      schedule.plan = { floor: 50, times: [1_000], explores: false };
    }
    return schedule;
  });
  const schedule = fc.constantFrom(...schedules);
  /** No client is sent on later than the longest hop. */
  const pause = fc.double({ min: 10, max: LONGEST_HOP_MS, noNaN: true });
  const waited = fc.double({ min: 0, max: 40_000_000, noNaN: true });
  const read = (said: string) => {
    // nginx has the steps at its first location, and passes on what follows
    const [, steps = '0', number, word, next] =
      /^(?:steps-(\d+)\?)?(\d+)\?(hop|next)=(\d+)$/.exec(said) ?? [];
    return {
      steps: Number(steps),
      number: Number(number),
      next: Number(next),
      isHop: word === 'hop',
    };
  };

  test('the steps and the last pause are as long as the whole, but for the error of the last pause', () => {
    fc.assert(
      fc.property(schedule, waited, pause, (its, from, ms) => {
        const { steps, number } = read(pauseInSteps(its, from, from + ms, from + ms));
        const left = ms - stepsMs(steps);
        // and 1 ms, as lengths are whole
        return Math.abs(pauseMs(number) - left) <= PAUSE_ERROR * left + 1;
      }),
      manyTimes,
    );
  });

  test('it is not longer than until the client is sent on, and at most a twentieth of the last pause shorter', () => {
    fc.assert(
      fc.property(schedule, waited, pause, fc.nat({ max: 1_000_000 }), (its, from, ms, later) => {
        const next = from + ms + later + 1;
        const { steps, number, ...said } = read(pauseInSteps(its, from, from + ms, next));
        const left = ms - stepsMs(steps);
        const isInTime = pauseMs(number) <= left && pauseMs(number) >= (1 - PAUSE_ERROR) * left - 1;
        return isInTime && said.isHop && said.next === Math.round(next);
      }),
      manyTimes,
    );
  });

  test('0.5 to 2.1 s are left for the pause behind steps, which are as many as nginx has locations for', () => {
    fc.assert(
      fc.property(schedule, waited, pause, fc.boolean(), (its, from, ms, isHop) => {
        const next = from + ms + (isHop ? 1_000 : 0);
        const { steps, number } = read(pauseInSteps(its, from, from + ms, next));
        const left = ms - stepsMs(steps);
        return steps === 0
          ? left < 2_100
          : Number.isInteger(steps) &&
              steps <= MOST_STEPS &&
              left > 499 &&
              left < 2_100 &&
              pauseMs(number) > 450 &&
              pauseMs(number) < 2_150;
      }),
      manyTimes,
    );
  });
});
