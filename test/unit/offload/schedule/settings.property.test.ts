import fc from 'fast-check';
import {
  LARGEST_BACKOFF,
  LONGEST_PAUSE_MS,
  LONGEST_TIMEOUT_MS,
  readSettings,
  SHORTEST_MS,
} from '../../../../src/offload/schedule/settings';
import { readDuration } from '../../../../src/shared/duration';
import { hostileSetting, manyTimes } from '../../shared/hostile';

const texts = fc.tuple(hostileSetting, hostileSetting, hostileSetting, hostileSetting);
const inRange = (ms: number, longest: number) => ms >= SHORTEST_MS && ms <= longest;

test('any four texts make settings in range', () => {
  fc.assert(
    fc.property(texts, (its) => {
      const { timeout, interval, backoff, maxInterval } = readSettings(...its);
      return (
        inRange(timeout, LONGEST_TIMEOUT_MS) &&
        [interval, maxInterval].every((ms) => inRange(ms, LONGEST_PAUSE_MS)) &&
        backoff >= 0 &&
        backoff <= LARGEST_BACKOFF
      );
    }),
    manyTimes,
  );
});

test('a setting is what its text says, or its default, and the log says which was replaced', () => {
  fc.assert(
    fc.property(texts, ([timeout, interval, backoff, maxInterval]) => {
      const settings = readSettings(timeout, interval, backoff, maxInterval);
      const share = /^(\d+(?:\.\d*)?)%$/.exec(backoff)?.[1];
      const replaced = [
        ...(settings.timeout === readDuration(timeout) ? [] : ['$offload_timeout']),
        ...(settings.interval === readDuration(interval) ? [] : ['$offload_interval']),
        ...(settings.backoff === Number(share) / 100 ? [] : ['$offload_backoff']),
        ...(settings.maxInterval === readDuration(maxInterval) ? [] : ['$offload_max_interval']),
      ];
      const said = [...settings.complaint.matchAll(/(\$offload_\w+) is "[^"]*", which/g)];
      expect(said.map(([, name]) => name)).toEqual(replaced);
    }),
    manyTimes,
  );
});

test('whatever the texts are, the complaint is one printable line', () => {
  fc.assert(
    fc.property(texts, (its) => /^[ -~]*$/.test(readSettings(...its).complaint)),
    manyTimes,
  );
});
