/**
 * Large bodies that are generated and checked block by block. Each block contains its number, so that
 * missing, repeated and moved bytes are detected.
 */

export const MIB = 1024 * 1024;

/** The first 4 bytes of a block are its number, the rest is the same in all blocks. */
const FILL = Buffer.from(Array.from({ length: 256 }, (_, i) => (i * 167) % 256));
const BLOCK = Buffer.alloc(MIB, FILL);

export function* patternOf(size: number): Generator<Buffer> {
  for (let number = 0; number * MIB < size; number++) {
    yield block(number).subarray(0, size - number * MIB);
  }
}

function block(number: number): Buffer {
  const own = Buffer.from(BLOCK);
  own.writeUInt32BE(number);
  return own;
}

/** Checks a body piece by piece; throws at the first difference from the pattern. */
export class PatternCheck {
  length = 0;
  private expected = block(0);

  read(piece: Buffer): void {
    for (let at = 0; at < piece.length; ) {
      const offset = this.length % MIB;
      if (offset === 0) {
        this.expected = block(this.length / MIB);
      }
      const end = Math.min(at + MIB - offset, piece.length);
      if (this.expected.compare(piece, at, end, offset, offset + end - at) !== 0) {
        throw new Error(
          `differs from the pattern in bytes ${this.length} to ${this.length + end - at}`,
        );
      }
      this.length += end - at;
      at = end;
    }
  }
}
