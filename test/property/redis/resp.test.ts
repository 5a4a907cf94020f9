/** Replies decode the same however they are cut into chunks, and nothing that comes makes the decoder fail. */

import fc from 'fast-check';
import { command, type Decoded, decode, newDecoder, type Value } from '../../../src/redis/resp';
import { manyTimes } from '../shared/hostile';

/** A reply as Redis writes it, and as it is decoded. */
interface Written {
  bytes: Buffer;
  type: string;
  value: Value;
}

const line = (type: string, text: string): Written => ({
  bytes: Buffer.from(`${type}${text}\r\n`, 'latin1'),
  type,
  value: text,
});
const text = fc.string({ unit: fc.constantFrom(...'aZ 09-_:;éÿ'), maxLength: 20 });
const scalar = fc.oneof(
  text.map((each) => line('+', each)),
  fc.maxSafeInteger().map((each) => line(':', String(each))),
  fc.constantFrom('1.5', 'inf', 'nan').map((each) => line(',', each)),
  fc.constantFrom('t', 'f').map((each) => line('#', each)),
  fc.constant({ bytes: Buffer.from('_\r\n'), type: '_', value: null }),
  fc.constant({ bytes: Buffer.from('$-1\r\n'), type: '_', value: null }),
  fc.constant({ bytes: Buffer.from('*-1\r\n'), type: '_', value: null }),
  fc.uint8Array({ maxLength: 300 }).map((each) => ({
    bytes: Buffer.concat([Buffer.from(`$${each.length}\r\n`), each, Buffer.from('\r\n')]),
    type: '$',
    value: Buffer.from(each),
  })),
);
const { reply } = fc.letrec<{ reply: Written }>((tie) => ({
  reply: fc.oneof(
    { depthSize: 'small', maxDepth: 5 },
    scalar,
    fc
      .tuple(fc.constantFrom('*', '>', '~', '%'), fc.array(tie('reply'), { maxLength: 4 }))
      .map(([type, all]) => {
        const items = type === '%' ? all.slice(0, all.length - (all.length % 2)) : all;
        const count = type === '%' ? items.length / 2 : items.length;
        return {
          bytes: Buffer.concat([
            Buffer.from(`${type}${count}\r\n`),
            ...items.map((each) => each.bytes),
          ]),
          type,
          value: items.map((each) => each.value),
        };
      }),
  ),
}));
const cuts = fc.array(fc.nat(), { maxLength: 30 });

function chunksOf(bytes: Buffer, at: number[]): Buffer[] {
  const ends = [...at.map((each) => each % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return ends.map((end, i) => bytes.subarray(ends[i - 1] ?? 0, end));
}

function decoded(chunks: Buffer[], largest: number, skipped: number): Decoded[] {
  const decoder = newDecoder(largest, skipped);
  const all: Decoded[] = [];
  for (const chunk of chunks) {
    decode(decoder, chunk, (each) => {
      all.push(each);
      return true;
    });
  }
  return all;
}

test('any cut of any replies decodes the same', () => {
  fc.assert(
    fc.property(fc.array(reply, { maxLength: 5 }), cuts, (replies, at) => {
      const bytes = Buffer.concat(replies.map((each) => each.bytes));
      const expected = replies.map(({ type, value }) => ({ type, value }));
      expect(decoded(chunksOf(bytes, at), 1_000, 0)).toEqual(expected);
      expect(
        decoded(
          [...bytes].map((byte) => Buffer.from([byte])),
          1_000,
          0,
        ),
      ).toEqual(expected);
    }),
    { numRuns: 2_000 },
  );
});

test('replies that are skipped say nothing, and do not change what follows', () => {
  fc.assert(
    fc.property(
      fc.array(reply, { minLength: 1, maxLength: 5 }),
      cuts,
      fc.nat(5),
      (all, at, skip) => {
        const skipped = Math.min(skip, all.length);
        const bytes = Buffer.concat(all.map((each) => each.bytes));
        const expected = all.slice(skipped).map(({ type, value }) => ({ type, value }));
        expect(decoded(chunksOf(bytes, at), 1_000, skipped)).toEqual(expected);
      },
    ),
    { numRuns: 2_000 },
  );
});

test('an error is never skipped', () => {
  const bytes = Buffer.from('+OK\r\n-NOAUTH log in\r\n$1\r\na\r\n');
  expect(decoded([bytes], 1_000, 2)).toEqual([
    { type: '-', value: 'NOAUTH log in' },
    { type: '$', value: Buffer.from('a') },
  ]);
});

test('a string that is too large for memory is told of as its length comes, with what came of it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 11, max: 5_000 }), cuts, (length, at) => {
      const body = Buffer.alloc(length, 'x');
      const head = Buffer.from(`*2\r\n$4\r\nbody\r\n$${length}\r\n`);
      const chunks = chunksOf(Buffer.concat([head, body]), at);
      const decoder = newDecoder(10, 0);
      let large: Decoded | undefined;
      let last = 0;
      while (large === undefined) {
        decode(decoder, chunks[last] as Buffer, (each) => {
          large = each;
          return false;
        });
        last++;
      }
      const read = Buffer.concat(chunks.slice(0, last)).subarray(head.length);
      expect(large).toEqual({ length, first: read, within: [Buffer.from('body')], isLast: true });
    }),
    { numRuns: 500 },
  );
});

test('no bytes make it fail or keep more than they are', () => {
  const bytes = fc
    .array(fc.constantFrom(...'*$>%~+-:_#,(!=\r\n0123456789x', '-1', '\r\n', '99999999999999'), {
      maxLength: 60,
    })
    .map((all) => Buffer.from(all.join('')));
  fc.assert(
    fc.property(bytes, cuts, (its, at) => {
      const decoder = newDecoder(1_000, 0);
      for (const chunk of chunksOf(its, at)) {
        decode(decoder, chunk, (each) => each !== 'malformed');
      }
      expect((decoder.open ?? []).length).toBeLessThanOrEqual(its.length);
    }),
    manyTimes,
  );
});

test.each([
  ['what is no RESP', 'HTTP/1.1 400 Bad Request\r\n'],
  ['a length with a letter', '$12x\r\n'],
  ['an aggregate of thousands', '*5000\r\n'],
  ['a length of petabytes', '$99999999999999999\r\n'],
  ['a line without an end', `+${'x'.repeat(10_000)}`],
  ['twenty nested aggregates', '*1\r\n'.repeat(20)],
])('%s is malformed', (_, its) => {
  expect(decoded([Buffer.from(its)], 1_000, 0)).toContain('malformed');
});

test('a command is words with their lengths', () => {
  expect(command(['GET', 'a key'])).toBe('*2\r\n$3\r\nGET\r\n$5\r\na key\r\n');
});
