import fc from 'fast-check';
import { isRefusal } from '../../../src/shared/checked';
import { pollTarget, readJob } from '../../../src/signal/signal';
import { LONGEST_TARGET, readTarget, type Target, targetUri } from '../../../src/signal/target';
import { endless, hostileArgs, hostilePath, hostileText, manyTimes } from '../shared/hostile';
import { readByStandard, readNaively } from './readers';

const url = fc.oneof({ weight: 9, arbitrary: hostilePath }, { weight: 1, arbitrary: hostileText });
const args = fc.oneof({ weight: 9, arbitrary: hostileArgs }, { weight: 1, arbitrary: hostileText });

/** The polls of whatever can be polled, of all that is generated. */
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

test('whatever the app signals is a target, or refused in a few words, and nothing is thrown', () => {
  let accepted = 0;
  fc.assert(
    fc.property(url, args, (itsUrl, itsArgs) => {
      const job = readJob(itsUrl, itsArgs);
      accepted += isRefusal(job) ? 0 : 1;
      return !isRefusal(job) || /^(is|has) [ -~]{1,80}$/.test(job);
    }),
    manyTimes,
  );
  // neither answer is so rare that the other properties would say nothing
  expect(accepted).toBeGreaterThan(1_500);
  expect(accepted).toBeLessThan(8_500);
});

test('a poll is at the path that the signal named and its number, with the query that it named', () => {
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

test('read by the standard, a poll stays on this server and at its path', () => {
  everyPoll((poll, uri) => {
    const { host, username, password, hash, pathname } = readByStandard(uri);
    expect([host, username, password, hash]).toEqual(['polled-app', '', '', '']);
    expect(decodeURIComponent(pathname)).toBe(poll.path);
  });
});

test('the most naive reader of a poll finds the segments that we do', () => {
  const asBytes = (text: string) => Buffer.from(text).toString('latin1');
  everyPoll((poll, uri) => {
    expect(readNaively(uri)).toEqual(poll.path.split('/').slice(1).map(asBytes));
  });
});

test('the URI of a poll has nothing that ends a line or a word, no dots and no hidden slash', () => {
  everyPoll((_poll, uri) => {
    const path = uri.split('?')[0] as string;
    expect(uri).toMatch(/^\/([\w.~!$&'()*+,;=:@/-]|%[\dA-F]{2})+(\?[!"$-[\]-~]+)?$/);
    expect(path).not.toMatch(/\/\/|%2[35F]|%3F|%5C|%0|%1|%7F|%C2%[89]|\/\.\.?(\/|;|$)/);
  });
});

test('the URI of a target is read as that target', () => {
  everyPoll((poll, uri) => {
    // characters that need not be encoded in a signal are now, which makes it longer
    if (uri.length <= LONGEST_TARGET) {
      expect(readTarget(uri)).toEqual(poll);
    }
    expect(uri.length).toBeLessThanOrEqual(3 * LONGEST_TARGET);
  });
});

test('what is endless is refused, whatever it is made of', () => {
  fc.assert(
    fc.property(endless, fc.boolean(), (text, isUrl) =>
      isRefusal(isUrl ? readJob(`/poll/${text}`, '42') : readJob('/poll', text)),
    ),
    { numRuns: 300 },
  );
});
