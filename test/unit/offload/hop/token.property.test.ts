import fc from 'fast-check';
import { writeToken } from '../../../../src/offload/hop/token';
import { long } from '../../../../testkit/jest/long';
import { hostileText, manyTimes } from '../../shared/hostile';
import { anyToken, CLIENT, NEW, OLD, read } from './any-token';

/** Each has two dozen values. */
const fewTimes = { numRuns: long(1_000, 200) };

const client = fc.oneof(fc.constantFrom('', CLIENT), hostileText);
const written = fc.tuple(client, fc.constantFrom(NEW, OLD)).chain(([its, sign]) =>
  anyToken(its, sign).map((token) => ({
    client: its,
    sign,
    token,
    text: writeToken(token, sign),
  })),
);

test('what is written is read, whatever the values and whichever of the keys has signed', () => {
  fc.assert(
    fc.property(written, (its) => {
      for (const signers of [[its.sign], [NEW, OLD], [OLD, NEW]]) {
        expect(read(its.text, its.client, signers)).toEqual(its.token);
      }
    }),
    fewTimes,
  );
});

test('a token is a part of a URL in which nothing has to be encoded', () => {
  fc.assert(
    fc.property(written, ({ text }) => /^[\w-]+\.[\w-]{43}$/.test(text)),
    fewTimes,
  );
});

test('a token of a key that is no longer valid, or without any key, is forged', () => {
  fc.assert(
    fc.property(written, ({ text, client: its, sign }) => {
      const other = sign === NEW ? OLD : NEW;
      return read(text, its, [other]) === 'forged' && read(text, its, []) === 'forged';
    }),
    fewTimes,
  );
});

test('a token that was given to another client is foreign', () => {
  fc.assert(
    fc.property(written, client, (its, other) => {
      const answer = read(its.text, other);
      return other === its.client ? typeof answer === 'object' : answer === 'foreign';
    }),
    fewTimes,
  );
});

test('any text in place of a token is forged, without an exception', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        hostileText,
        fc.tuple(hostileText, hostileText).map((parts) => parts.join('.')),
        fc.base64String().map((text) => `${text}.${text}`),
      ),
      (text) => read(text) === 'forged',
    ),
    manyTimes,
  );
});

test('the body of a token with the signature of another one is forged', () => {
  fc.assert(
    fc.property(written, written, (one, other) => {
      const [body] = one.text.split('.');
      const [otherBody, signature] = other.text.split('.');
      return body === otherBody || read(`${body}.${signature}`, one.client) === 'forged';
    }),
    fewTimes,
  );
});

test('a token that was cut, lengthened or changed anywhere is forged', () => {
  fc.assert(
    fc.property(
      written,
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.nat({ max: 3 }),
      fc.oneof(fc.constant(''), hostileText),
      (its, share, removed, added) => {
        const at = Math.floor(share * its.text.length);
        const changed = its.text.slice(0, at) + added + its.text.slice(at + removed);
        return changed === its.text || read(changed, its.client) === 'forged';
      },
    ),
    fewTimes,
  );
});
