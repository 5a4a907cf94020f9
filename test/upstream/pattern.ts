/**
 * Huge bodies that nobody holds: each block of one tells its place, so a byte that is lost,
 * doubled or moved is seen where it happens.
 */

export const MIB = 1024 * 1024;

/** The first bytes of a block are its number, the rest is the same in all of them. */
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

/** Reads a body piece by piece, and fails at the first byte that is not the pattern's. */
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
        throw new Error(`not the pattern's bytes, ${this.length} to ${this.length + end - at}`);
      }
      this.length += end - at;
      at = end;
    }
  }
}
