/** Settings in their range: what is written as settings is read into these (settings.ts). */

import fc from 'fast-check';
import {
  LARGEST_BACKOFF,
  LONGEST_PAUSE_MS,
  LONGEST_TIMEOUT_MS,
  type Settings,
  SHORTEST_MS,
} from '../../../../src/offload/schedule/settings';

const time = (max: number) =>
  fc.oneof(
    fc.integer({ min: SHORTEST_MS, max: Math.min(100, max) }),
    fc.integer({ min: SHORTEST_MS, max: Math.min(100_000, max) }),
    fc.integer({ min: SHORTEST_MS, max }),
  );
export const anySettings: fc.Arbitrary<Settings> = time(LONGEST_TIMEOUT_MS).chain((timeout) =>
  fc.record({
    timeout: fc.constant(timeout),
    interval: fc.oneof(
      time(Math.min(LONGEST_PAUSE_MS, Math.ceil(timeout * 1.2))),
      time(LONGEST_PAUSE_MS),
    ),
    backoff: fc.oneof(
      fc.constantFrom(0, 0.1, LARGEST_BACKOFF),
      fc.double({ min: 0, max: LARGEST_BACKOFF, noNaN: true }),
    ),
    maxInterval: time(LONGEST_PAUSE_MS),
    complaint: fc.constant(''),
  }),
);
/** The factor of any job. */
export const anySpread = fc.double({ min: 0.9, max: 1.1, noNaN: true });
