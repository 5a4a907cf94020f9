/**
 * Redis's protocol, RESP3: commands as text, replies from bytes as they come, a byte at a time or many at
 * once.
 *
 * Each held client has a decoder, in a JavaScript VM that frees nothing before its end: one flat object, and no
 * object or string for what is not kept.
 *
 * @see https://redis.io/docs/latest/develop/reference/protocol-spec/
 */

/** Bytes of a string, the text of a line, or the items of an aggregate: of a map, keys and values in turn. */
export type Value = Buffer | string | null | Value[];

export interface Reply {
  /** The first byte: `-` is an error, `>` a push, `_` null, and so on. */
  type: string;
  value: Value;
}

/** A string that is not read into memory: what follows of it is for nginx to pass on. */
export interface Large {
  /** Bytes in all, and the first ones. */
  length: number;
  first: Buffer;
  /** The items of the aggregate that it is in, up to it, and whether it is the last one. */
  within: Value[];
  isLast: boolean;
}

export interface Decoder {
  /** What came, and where the decoder is in it. */
  chunk: Buffer | undefined;
  at: number;
  /** Bytes of a string that are read into memory at most. */
  largest: number;
  /** Replies to come that are not kept, unless they are errors. */
  skipped: number;
  /** The line that is read: its first byte, or 0; its number, or NULL; its text. */
  type: number;
  number: number;
  text: string;
  /** The string that is read: its bytes, and how many are missing, with CR LF; 0: there is none. */
  pieces: Buffer[];
  missing: number;
  /** Of each aggregate that is read, from the outermost: its first byte, items to come, items. */
  types: number[];
  counts: number[];
  items: Value[][];
}

/** After a large string or a malformed reply the decoder is of no use. */
export type Decoded = Reply | Large | 'malformed';

const LONGEST_TEXT = 8192;
/** proto-max-bulk-len is 512 MB, and may be raised. */
const LARGEST_NUMBER = 2 ** 40;
const MOST_ITEMS = 4096;
const DEEPEST = 8;
const CRLF = 2;

/** @param words their characters are counted as bytes */
export function command(words: string[]): string {
  let text = `*${words.length}\r\n`;
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string;
    text += `$${word.length}\r\n${word}\r\n`;
  }
  return text;
}

/** @param skipped replies that are not kept, unless they are errors */
export function newDecoder(largest: number, skipped: number): Decoder {
  return {
    chunk: undefined,
    at: 0,
    largest,
    skipped,
    type: 0,
    number: 0,
    text: '',
    pieces: [],
    missing: 0,
    types: [],
    counts: [],
    items: [],
  };
}

/**
 * Set `chunk` and `at` for each chunk that comes, then call it until it has no more.
 *
 * @returns the next reply; undefined if the chunk ends before it does
 */
export function next(decoder: Decoder): Decoded | undefined {
  const chunk = decoder.chunk as Buffer;
  while (decoder.at < chunk.length) {
    const byte = chunk[decoder.at] as number;
    let decoded: Decoded | undefined;
    if (decoder.missing > 0) {
      decoded = readString(decoder, chunk);
    } else {
      decoder.at++;
      if (decoder.type === 0) {
        decoder.type = byte;
        decoder.number = 0;
        decoder.text = '';
      } else if (byte === LINE_FEED) {
        const type = decoder.type;
        decoder.type = 0;
        decoded = readLine(decoder, type);
      } else if (byte !== CARRIAGE_RETURN && !readCharacter(decoder, byte)) {
        return 'malformed';
      }
    }
    if (decoded !== undefined) {
      return decoded;
    }
  }
  return undefined;
}

/** Of a line. @returns whether it can be one */
function readCharacter(decoder: Decoder, byte: number): boolean {
  switch (decoder.type) {
    case STRING:
    case BULK_ERROR:
    case VERBATIM:
    case ARRAY:
    case SET:
    case PUSH:
    case MAP:
      if (byte === MINUS && decoder.number === 0) {
        decoder.number = NULL;
        return true;
      }
      if (decoder.number !== NULL) {
        decoder.number = decoder.number * 10 + byte - ZERO;
      }
      return byte >= ZERO && byte <= NINE && decoder.number <= LARGEST_NUMBER;
    default:
      if (decoder.skipped === 0 || decoder.type === MINUS) {
        decoder.text += String.fromCharCode(byte);
      }
      return decoder.text.length <= LONGEST_TEXT;
  }
}

/** A line is complete: a value, or the beginning of one. */
function readLine(decoder: Decoder, type: number): Decoded | undefined {
  const number = decoder.number;
  switch (type) {
    case STRING:
    case BULK_ERROR:
    case VERBATIM:
      if (number === NULL) {
        return complete(decoder, NONE, null);
      }
      if (number > decoder.largest && decoder.skipped === 0) {
        return large(decoder, number);
      }
      decoder.missing = number + CRLF;
      return undefined;
    case ARRAY:
    case SET:
    case PUSH:
    case MAP:
      if (number <= 0) {
        return complete(decoder, number === NULL ? NONE : type, number === NULL ? null : []);
      }
      decoder.types.push(type);
      decoder.counts.push(type === MAP ? 2 * number : number);
      decoder.items.push([]);
      return number > MOST_ITEMS || decoder.counts.length > DEEPEST ? 'malformed' : undefined;
    case NONE:
      return complete(decoder, type, null);
    case SIMPLE:
    case MINUS:
    case INTEGER:
    case DOUBLE:
    case BOOLEAN:
    case BIG_NUMBER:
      return complete(decoder, type, decoder.text);
    default:
      return 'malformed';
  }
}

function readString(decoder: Decoder, chunk: Buffer): Decoded | undefined {
  const end = Math.min(decoder.at + decoder.missing, chunk.length);
  const isKept = decoder.skipped === 0;
  if (isKept) {
    decoder.pieces.push(chunk.subarray(decoder.at, end));
  }
  decoder.missing -= end - decoder.at;
  decoder.at = end;
  if (decoder.missing > 0) {
    return undefined;
  }
  if (!isKept) {
    return complete(decoder, STRING, null);
  }
  const bytes = Buffer.concat(decoder.pieces);
  decoder.pieces = [];
  return complete(decoder, STRING, bytes.subarray(0, bytes.length - CRLF));
}

/** A value is complete, and with it each aggregate of which it is the last item. */
function complete(decoder: Decoder, type: number, value: Value): Decoded | undefined {
  let ended = value;
  let endedType = type;
  for (let depth = decoder.counts.length - 1; depth >= 0; depth--) {
    const items = decoder.items[depth] as Value[];
    if (decoder.skipped === 0) {
      items.push(ended);
    }
    const left = (decoder.counts[depth] as number) - 1;
    decoder.counts[depth] = left;
    if (left > 0) {
      return undefined;
    }
    ended = items;
    endedType = decoder.types[depth] as number;
    decoder.types.pop();
    decoder.counts.pop();
    decoder.items.pop();
  }
  const isError = endedType === MINUS || endedType === BULK_ERROR;
  if (decoder.skipped > 0) {
    decoder.skipped--;
    if (!isError) {
      return undefined;
    }
  }
  return { type: String.fromCharCode(endedType), value: ended };
}

function large(decoder: Decoder, length: number): Large {
  const chunk = decoder.chunk as Buffer;
  const depth = decoder.items.length - 1;
  const end = Math.min(decoder.at + length, chunk.length);
  return {
    length,
    first: chunk.subarray(decoder.at, end),
    within: depth < 0 ? [] : (decoder.items[depth] as Value[]),
    isLast: depth < 0 || decoder.counts[depth] === 1,
  };
}

const NULL = -1;

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const ZERO = 0x30;
const NINE = 0x39;
const BULK_ERROR = 0x21; // !
const BOOLEAN = 0x23; // #
const STRING = 0x24; // $
const MAP = 0x25; // %
const BIG_NUMBER = 0x28; // (
const ARRAY = 0x2a; // *
const SIMPLE = 0x2b; // +
const DOUBLE = 0x2c; // ,
const MINUS = 0x2d; // - an error
const INTEGER = 0x3a; // :
const VERBATIM = 0x3d; // =
const PUSH = 0x3e; // >
const NONE = 0x5f; // _
const SET = 0x7e; // ~
