import fc from 'fast-check';
import { pollTarget, readJob } from '../../../../src/offload/signal/signal';
import {
  LONGEST_TARGET,
  readTarget,
  type Target,
  targetUri,
} from '../../../../src/offload/signal/target';
import { isRefusal } from '../../../../src/shared/checked';
import { hostileArgs, hostilePath, hostileText, manyTimes, veryLong } from '../../shared/hostile';
import { readByStandard, readLeniently } from './readers';

const url = fc.oneof({ weight: 9, arbitrary: hostilePath }, { weight: 1, arbitrary: hostileText });
const args = fc.oneof({ weight: 9, arbitrary: hostileArgs }, { weight: 1, arbitrary: hostileText });

/** Checks the polls of all generated signals that are accepted. */
function everyPoll(check: (poll: Target, uri: string, url: string, args: string) => void): void {
  fc.assert(
    fc.property(url, args, fc.nat({ max: 512 }), (itsUrl, itsArgs, number) => {
      const job = readJob(itsUrl, itsArgs);
      if (!isRefusal(job)) {
        const poll = pollTarget(job, number);
        check(poll, targetUri(poll), itsUrl, itsArgs);
      }
    }),
    manyTimes,
  );
}

test('any signal is read as a job or rejected with a short reason, without an exception', () => {
  let accepted = 0;
  fc.assert(
    fc.property(url, args, (itsUrl, itsArgs) => {
      const job = readJob(itsUrl, itsArgs);
      accepted += isRefusal(job) ? 0 : 1;
      return !isRefusal(job) || /^(is|has) [ -~]{1,80}$/.test(job);
    }),
    manyTimes,
  );
  // both outcomes are frequent enough for the other properties
  expect(accepted).toBeGreaterThan(0.1 * manyTimes.numRuns);
  expect(accepted).toBeLessThan(0.9 * manyTimes.numRuns);
});

test('a poll has the path and the query of the signal, and the number of the poll', () => {
  everyPoll((poll, _uri, itsUrl, itsArgs) => {
    const [path = '', ...query] = itsUrl.split('?');
    const named = [path, ...(itsArgs === '' ? [] : [itsArgs])]
      .map((part) => decodeURIComponent(part.replace(/\/$/, '')))
      .join('/');
    expect({ ...poll, path: poll.path.replace(/\/\d+$/, '') }).toEqual({
      path: named,
      query: query.join('?'),
    });
  });
});

test('by the URL standard, a poll has the same host and path', () => {
  everyPoll((poll, uri) => {
    const { host, username, password, hash, pathname } = readByStandard(uri);
    expect([host, username, password, hash]).toEqual(['polled-app', '', '', '']);
    expect(decodeURIComponent(pathname)).toBe(poll.path);
  });
});

test('a lenient parser finds the same segments in a poll', () => {
  const asBytes = (text: string) => Buffer.from(text).toString('latin1');
  everyPoll((poll, uri) => {
    expect(readLeniently(uri)).toEqual(poll.path.split('/').slice(1).map(asBytes));
  });
});

test('the URI of a poll has no line ends, spaces, dot segments or encoded slashes', () => {
  everyPoll((_poll, uri) => {
    const path = uri.split('?')[0] as string;
    expect(uri).toMatch(/^\/([\w.~!$&'()*+,;=:@/-]|%[\dA-F]{2})+(\?[!"$-[\]-~]+)?$/);
    expect(path).not.toMatch(/\/\/|%2[35F]|%3F|%5C|%0|%1|%7F|%C2%[89]|\/\.\.?(\/|;|$)/);
  });
});

test('the URI of a target is parsed back to the same target', () => {
  everyPoll((poll, uri) => {
    // encoding can make the URI longer than the signal
    if (uri.length <= LONGEST_TARGET) {
      expect(readTarget(uri)).toEqual(poll);
    }
    expect(uri.length).toBeLessThanOrEqual(3 * LONGEST_TARGET);
  });
});

test('a text of 64 KB is always rejected', () => {
  fc.assert(
    fc.property(veryLong, fc.boolean(), (text, isUrl) =>
      isRefusal(isUrl ? readJob(`/poll/${text}`, '42') : readJob('/poll', text)),
    ),
    { numRuns: 300 },
  );
});
