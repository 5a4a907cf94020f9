import fc from 'fast-check';
import { locationTarget } from '../../../../src/offload/result/location';
import { targetUri } from '../../../../src/offload/signal/target';
import { isRefusal } from '../../../../src/shared/checked';
import { hostilePath, hostileText, manyTimes, plainSegment } from '../../shared/hostile';
import { readLeniently } from '../signal/readers';

const location = fc.oneof(
  { weight: 4, arbitrary: hostilePath },
  { weight: 2, arbitrary: hostilePath.map((path) => `http://app${path}`) },
  { weight: 2, arbitrary: hostilePath.map((path) => path.replace(/^\/poll\/?/, '')) },
  { weight: 2, arbitrary: hostilePath.map((path) => path.replace(/^\/poll/, '..')) },
  { weight: 1, arbitrary: hostileText },
);
const host = fc.constantFrom('app', 'APP', 'app:80', 'app:443', 'app:8080', '[::1]', '[::1]:80');
const segments = fc.array(
  plainSegment.filter((segment) => segment !== '.' && segment !== '..'),
  { minLength: 1, maxLength: 4 },
);
const poll = segments.map((all) => `/${all.join('/')}/0`);

test('any Location is read as a target or rejected with a short reason, without an exception', () => {
  let accepted = 0;
  fc.assert(
    fc.property(
      location,
      fc.oneof(host, fc.constant('')),
      poll,
      (itsLocation, itsHost, itsPoll) => {
        const target = locationTarget(itsLocation, itsHost, itsPoll);
        if (isRefusal(target)) {
          return /^(is|has) [ -~]{1,80}$/.test(target);
        }
        accepted++;
        const uri = targetUri(target);
        const hasOnlyUriCharacters = /^\/[!"$-[\]-~]*$/.test(uri);
        return (
          hasOnlyUriCharacters && readLeniently(uri).length === target.path.split('/').length - 1
        );
      },
    ),
    manyTimes,
  );
  // both outcomes are frequent enough for the other properties
  expect(accepted).toBeGreaterThan(0.1 * manyTimes.numRuns);
  expect(accepted).toBeLessThan(0.9 * manyTimes.numRuns);
});

test('an accepted Location is resolved as the URL standard resolves it', () => {
  fc.assert(
    fc.property(location, host, poll, (itsLocation, itsHost, itsPoll) => {
      const target = locationTarget(itsLocation, itsHost, itsPoll);
      if (isRefusal(target)) {
        return;
      }
      const here = `${/^https:/i.test(itsLocation) ? 'https' : 'http'}://${itsHost}`;
      const there = new URL(itsLocation, here + itsPoll);
      expect([there.host, there.username, there.password]).toEqual([new URL(here).host, '', '']);
      expect([decodeURIComponent(there.pathname), there.search]).toEqual([
        target.path,
        new URL(`${here}/?${target.query}`).search,
      ]);
    }),
    manyTimes,
  );
});

test('a path, its URL and the relative path from the poll are the same target', () => {
  const ends = fc.constantFrom('', '?a=1', '#end', '?a=1#end');
  fc.assert(
    fc.property(segments, poll, ends, (names, itsPoll, end) => {
      const path = `/${names.join('/')}`;
      const fromPoll = '../'.repeat(itsPoll.split('/').length - 2) + path.slice(1);
      const written = [
        path,
        `http://app:80${path}`,
        `https://APP${path}`,
        `//app${path}`,
        fromPoll,
      ];
      const target = { path, query: end.startsWith('?') ? 'a=1' : '' };
      expect(written.map((each) => locationTarget(each + end, 'app', itsPoll))).toEqual(
        written.map(() => target),
      );
    }),
    manyTimes,
  );
});
