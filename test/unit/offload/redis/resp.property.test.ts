/** Replies decode the same however they are cut into chunks, and nothing that comes makes the decoder fail. */

import fc from 'fast-check';
import {
  command,
  type Decoded,
  type Decoder,
  newDecoder,
  next,
} from '../../../../src/offload/redis/resp';
import { manyTimes } from '../../shared/hostile';
import { chunksOf, cuts } from './chunks';

const string = (bytes: Uint8Array | string) =>
  Buffer.concat([Buffer.from(`$${bytes.length}\r\n`), Buffer.from(bytes), Buffer.from('\r\n')]);
const aggregate = (type: string, all: Buffer[]) =>
  Buffer.concat([Buffer.from(`${type}${type === '%' ? all.length / 2 : all.length}\r\n`), ...all]);

const line = fc.stringMatching(/^[ -~]{0,20}$/).map((each) => each.trim());
const scalar = fc.oneof(
  fc.integer().map((each) => Buffer.from(`:${each}\r\n`)),
  fc
    .constantFrom(',1.5\r\n', ',inf\r\n', '#t\r\n', '(-12\r\n', '_\r\n', '$-1\r\n')
    .map(Buffer.from),
  line.map((each) => Buffer.from(`+${each}\r\n`)),
);
const bytes = fc.uint8Array({ maxLength: 300 });
/** What says nothing: replies of any shape, as that to HELLO. */
const { any } = fc.letrec<{ any: Buffer }>((tie) => ({
  any: fc.oneof(
    { depthSize: 'small', maxDepth: 5 },
    scalar,
    bytes.map(string),
    fc
      .tuple(fc.constantFrom('*', '>', '~', '%'), fc.array(tie('any'), { maxLength: 4 }))
      .map(([type, all]) =>
        aggregate(type, type === '%' ? all.slice(0, all.length - (all.length % 2)) : all),
      ),
  ),
}));
const id = fc.constantFrom('1-1', '1700000000000-0');
const fields = fc.array(bytes, { minLength: 1, maxLength: 8 });
const entry = fc.tuple(id, fields);
const written = ([its, all]: [string, Uint8Array[]]) =>
  aggregate('*', [string(its), aggregate('*', all.map(string))]);
/** Replies that are read: their bytes, and what they are decoded as. */
const reply = fc.oneof(
  fc.constantFrom('_\r\n', '$-1\r\n', '*-1\r\n').map((each) => ({
    bytes: Buffer.from(each),
    decoded: 'nothing',
  })),
  line.map((text) => ({ bytes: Buffer.from(`+${text}\r\n`), decoded: { type: 'text', text } })),
  line.map((text) => ({ bytes: Buffer.from(`-${text}\r\n`), decoded: { type: 'error', text } })),
  bytes.map((each) => ({
    bytes: string(each),
    decoded: { type: 'string', bytes: Buffer.from(each) },
  })),
  fc.tuple(fc.array(any, { maxLength: 3 }), bytes).map(([before, each]) => ({
    bytes: aggregate('>', [...before, string(each)]),
    decoded: { type: 'push', bytes: Buffer.from(each) },
  })),
  fc.tuple(fc.array(any, { maxLength: 3 }), scalar).map(([before, last]) => ({
    bytes: aggregate('>', [...before, last]),
    decoded: 'nothing',
  })),
  fc
    .tuple(fc.constantFrom('%', '*'), fc.array(entry, { minLength: 1, maxLength: 4 }))
    .map(([type, all]) => {
      const [its, last] = all[all.length - 1] as [string, Uint8Array[]];
      return {
        bytes: aggregate(type, [string('key'), aggregate('*', all.map(written))]),
        decoded: {
          type: 'entry',
          entry: { id: its, fields: last.map((each) => Buffer.from(each)) },
        },
      };
    }),
);

function decodeAll(chunks: Buffer[], decoder: Decoder): Decoded[] {
  const all: Decoded[] = [];
  for (const chunk of chunks) {
    decoder.at = 0;
    for (let each = next(decoder, chunk); each !== undefined; each = next(decoder, chunk)) {
      all.push(each);
    }
  }
  return all;
}

test('any cut of any replies decodes the same', () => {
  fc.assert(
    fc.property(fc.array(reply, { maxLength: 5 }), cuts, (replies, at) => {
      const its = Buffer.concat(replies.map((each) => each.bytes));
      const expected = replies.map(({ decoded }) => decoded);
      expect(decodeAll(chunksOf(its, at), newDecoder(1_000, 0))).toEqual(expected);
      const single = [...its].map((byte) => Buffer.from([byte]));
      expect(decodeAll(single, newDecoder(1_000, 0))).toEqual(expected);
    }),
    { numRuns: 2_000 },
  );
});

test('replies that are skipped say nothing, and do not change what follows', () => {
  fc.assert(
    fc.property(
      fc.array(any, { maxLength: 3 }),
      fc.array(reply, { maxLength: 3 }),
      cuts,
      (skipped, replies, at) => {
        const its = Buffer.concat([...skipped, ...replies.map((each) => each.bytes)]);
        expect(decodeAll(chunksOf(its, at), newDecoder(1_000, skipped.length))).toEqual(
          replies.map(({ decoded }) => decoded),
        );
      },
    ),
    { numRuns: 2_000 },
  );
});

test('an error is never skipped', () => {
  const its = Buffer.from('+OK\r\n-NOAUTH log in\r\n');
  expect(decodeAll([its], newDecoder(1_000, 2))).toEqual([
    { type: 'error', text: 'NOAUTH log in' },
  ]);
});

test('a string that is too large for memory is told of as its length comes, with what came of it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 11, max: 5_000 }), cuts, (length, at) => {
      const body = Buffer.alloc(length, 'x');
      const head = Buffer.from(
        `%1\r\n$1\r\na\r\n*1\r\n*2\r\n$3\r\n1-1\r\n*2\r\n$4\r\nbody\r\n$${length}\r\n`,
      );
      const chunks = chunksOf(Buffer.concat([head, body]), at);
      const decoder = newDecoder(10, 0);
      let large: Decoded | undefined;
      let last = 0;
      while (large === undefined) {
        large = decodeAll([chunks[last] as Buffer], decoder)[0];
        last++;
      }
      const first = Buffer.concat(chunks.slice(0, last)).subarray(head.length);
      const within = [Buffer.from('body')];
      expect(large).toEqual({ type: 'large', length, first, within, isLast: true });
    }),
    { numRuns: 500 },
  );
});

test('no bytes make it fail or keep more than they are', () => {
  const hostile = fc
    .array(
      fc.constantFrom(
        ...[
          '*',
          '$',
          '>',
          '%',
          '~',
          '+',
          '-',
          ':',
          '_',
          '#',
          ',',
          '(',
          '!',
          '=',
          '\r\n',
          '\n',
          '0',
        ],
        ...[
          '1',
          '2',
          '9',
          'x',
          '-1',
          '$1\r\na\r\n',
          '*1\r\n',
          '*2\r\n',
          '>3\r\n',
          '99999999999999',
        ],
        ...['{"status": "STARTED"', '{"status": "SUCCESS"', '\u0000', 'é'],
      ),
      { maxLength: 60 },
    )
    .map((all) => Buffer.from(all.join('')));
  fc.assert(
    fc.property(hostile, fc.nat(3), cuts, (its, skipped, at) => {
      const decoder = newDecoder(1_000, skipped);
      decodeAll(chunksOf(its, at), decoder);
      const kept = [...(decoder.pieces ?? []), ...(decoder.entry?.fields ?? [])];
      expect(Buffer.concat(kept).length + decoder.text.length).toBeLessThanOrEqual(its.length);
    }),
    manyTimes,
  );
});

test.each([
  ['what is no RESP', 'HTTP/1.1 400 Bad Request\r\n'],
  ['a length with a letter', '$12x\r\n'],
  ['a length of petabytes', '$99999999999999999\r\n'],
  ['a line without an end', `+${'x'.repeat(10_000)}`],
  ['twenty nested aggregates', '*1\r\n'.repeat(20)],
  ['a number that was not asked for', ':1\r\n'],
  ['a stream without entries', '%1\r\n$1\r\na\r\n*0\r\n'],
  ['an entry without fields', '%1\r\n$1\r\na\r\n*1\r\n*2\r\n$3\r\n1-1\r\n_\r\n'],
  [
    'an entry with null in place of its body',
    '*2\r\n$1\r\na\r\n*1\r\n*2\r\n$1\r\n1\r\n*1\r\n$-1\r\n',
  ],
  ['an entry with 5000 fields', '%1\r\n$1\r\na\r\n*1\r\n*2\r\n$3\r\n1-1\r\n*5000\r\n'],
])('%s is malformed', (_, its) => {
  expect(decodeAll([Buffer.from(its)], newDecoder(1_000, 0))).toContain('malformed');
});

test('a command is words with their lengths', () => {
  expect(command(['GET', 'a key'])).toBe('*2\r\n$3\r\nGET\r\n$5\r\na key\r\n');
});
