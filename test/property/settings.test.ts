import fc from 'fast-check';
import { readDuration } from '../../src/decide/duration';
import { LARGEST_GROWTH, LONGEST_MS, readSettings, SHORTEST_MS } from '../../src/decide/settings';
import { hostileSetting, manyTimes } from './hostile';

const texts = fc.tuple(hostileSetting, hostileSetting, hostileSetting, hostileSetting);
const inRange = (ms: number) => ms >= SHORTEST_MS && ms <= LONGEST_MS;

test('any four texts make settings in range', () => {
  fc.assert(
    fc.property(texts, (its) => {
      const { timeout, interval, growth, maxInterval } = readSettings(...its);
      return (
        [timeout, interval, maxInterval].every(inRange) && growth >= 0 && growth <= LARGEST_GROWTH
      );
    }),
    manyTimes,
  );
});

test('a setting is what its text says, or its default, and the log says which was replaced', () => {
  fc.assert(
    fc.property(texts, ([timeout, interval, growth, maxInterval]) => {
      const settings = readSettings(timeout, interval, growth, maxInterval);
      const share = /^(\d+(?:\.\d*)?)%$/.exec(growth)?.[1];
      const replaced = [
        ...(settings.timeout === readDuration(timeout) ? [] : ['$offload_timeout']),
        ...(settings.interval === readDuration(interval) ? [] : ['$offload_interval']),
        ...(settings.growth === Number(share) / 100 ? [] : ['$offload_growth']),
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
