/** Bytes as they may come: cut anywhere. */

import fc from 'fast-check';

export const cuts = fc.array(fc.nat(), { maxLength: 30 });

/** @param at where they are cut, modulo their length */
export function chunksOf(bytes: Buffer, at: number[]): Buffer[] {
  const ends = [...at.map((each) => each % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return ends.map((end, i) => bytes.subarray(ends[i - 1] ?? 0, end));
}
