/** Lines of RESP3, by their first byte; and the lengths of those that are whole in a chunk, as most are. */

/** proto-max-bulk-len is 512 MB, and may be raised. */
export const LARGEST_NUMBER = 2 ** 40;

/**
 * @param lineFeed end of the line; negative: it is not in the chunk
 * @returns the length of a string or an aggregate, by its whole line; -1 for any other line
 */
export function lengthIn(chunk: Buffer, start: number, lineFeed: number): number {
  const end = lineFeed - 1;
  switch (chunk[start]) {
    case STRING:
    case ARRAY:
    case MAP:
    case PUSH:
      break;
    default:
      return -1;
  }
  if (end <= start || chunk[end] !== CARRIAGE_RETURN) {
    return -1;
  }
  let length = 0;
  for (let at = start + 1; at < end; at++) {
    const byte = chunk[at] as number;
    if (byte < ZERO || byte > NINE || length > LARGEST_NUMBER) {
      return -1;
    }
    length = length * 10 + byte - ZERO;
  }
  return length;
}

export const NULL = -1;

export const HYPHEN = 0x2d;
export const LINE_FEED = 0x0a;
export const CARRIAGE_RETURN = 0x0d;
export const ZERO = 0x30;
export const NINE = 0x39;
export const BULK_ERROR = 0x21; // !
export const BOOLEAN = 0x23; // #
export const STRING = 0x24; // $
export const MAP = 0x25; // %
export const BIG_NUMBER = 0x28; // (
export const ARRAY = 0x2a; // *
export const SIMPLE = 0x2b; // +
export const DOUBLE = 0x2c; // ,
export const ERROR = HYPHEN;
export const INTEGER = 0x3a; // :
export const VERBATIM = 0x3d; // =
export const PUSH = 0x3e; // >
export const NONE = 0x5f; // _
export const SET = 0x7e; // ~
