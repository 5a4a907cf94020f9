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
  /** Bytes of a string that are read into memory at most. */
  largest: number;
  /** Replies to come that are not kept, unless they are errors. */
  skipped: number;
  /** Values to come of the reply that is skipped. */
  left: number;
  /** The line that is read: its first byte, or 0; its number, or NULL; its text. */
  type: number;
  number: number;
  text: string;
  /** The string that is read: its bytes, and how many are missing, with CR LF; 0: there is none. */
  pieces?: Buffer[] | undefined;
  missing: number;
  /** The aggregates that are read, from the outermost. */
  open?: Aggregate[];
}

interface Aggregate {
  type: number;
  /** To come. */
  left: number;
  items: Value[];
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
  let text = '*'.concat(String(words.length), '\r\n');
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string;
    text = text.concat('$', String(word.length), '\r\n', word, '\r\n');
  }
  return text;
}

/** @param skipped replies that are not kept, unless they are errors */
export function newDecoder(largest: number, skipped: number): Decoder {
  return {
    largest,
    skipped,
    left: 1,
    type: 0,
    number: 0,
    text: '',
    missing: 0,
  };
}

/** @param then called with each reply; returns whether to go on */
export function decode(decoder: Decoder, chunk: Buffer, then: (decoded: Decoded) => boolean): void {
  let at = 0;
  while (at < chunk.length) {
    let decoded: Decoded | undefined;
    if (decoder.missing > 0) {
      const end = Math.min(at + decoder.missing, chunk.length);
      decoded = readString(decoder, chunk, at, end);
      at = end;
    } else {
      const byte = chunk[at] as number;
      at++;
      if (decoder.type === 0) {
        decoder.type = byte;
        decoder.number = 0;
        decoder.text = '';
      } else if (byte === LINE_FEED) {
        decoded = readLine(decoder, chunk, at);
      } else if (byte !== CARRIAGE_RETURN && !readCharacter(decoder, byte)) {
        decoded = 'malformed';
      }
    }
    if (decoded !== undefined && !then(decoded)) {
      return;
    }
  }
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
      if (byte === HYPHEN && decoder.number === 0) {
        decoder.number = NULL;
        return true;
      }
      if (decoder.number !== NULL) {
        decoder.number = decoder.number * 10 + byte - ZERO;
      }
      return byte >= ZERO && byte <= NINE && decoder.number <= LARGEST_NUMBER;
    default:
      if (decoder.skipped === 0 || decoder.type === ERROR) {
        decoder.text += String.fromCharCode(byte);
      }
      return decoder.text.length <= LONGEST_TEXT;
  }
}

/** A line is complete: a value, or the beginning of one. @param at behind it */
function readLine(decoder: Decoder, chunk: Buffer, at: number): Decoded | undefined {
  const type = decoder.type;
  const number = decoder.number;
  const open = decoder.open;
  const within = open === undefined ? undefined : open[open.length - 1];
  decoder.type = 0;
  switch (type) {
    case STRING:
    case BULK_ERROR:
    case VERBATIM:
      if (number === NULL) {
        return complete(decoder, NONE, null);
      }
      decoder.missing = number + CRLF;
      return number > decoder.largest && decoder.skipped === 0
        ? {
            length: number,
            first: chunk.subarray(at, Math.min(at + number, chunk.length)),
            within: within === undefined ? [] : within.items,
            isLast: within === undefined || within.left === 1,
          }
        : undefined;
    case ARRAY:
    case SET:
    case PUSH:
    case MAP:
      if (number <= 0) {
        return complete(decoder, number === NULL ? NONE : type, number === NULL ? null : []);
      }
      if (decoder.skipped > 0) {
        decoder.left += (type === MAP ? 2 * number : number) - 1;
      } else {
        const aggregate = { type, left: type === MAP ? 2 * number : number, items: [] };
        decoder.open = open === undefined ? [aggregate] : open.concat([aggregate]);
      }
      return number > MOST_ITEMS || (open !== undefined && open.length > DEEPEST)
        ? 'malformed'
        : undefined;
    case NONE:
      return complete(decoder, type, null);
    case SIMPLE:
    case ERROR:
    case INTEGER:
    case DOUBLE:
    case BOOLEAN:
    case BIG_NUMBER:
      return complete(decoder, type, decoder.text);
    default:
      return 'malformed';
  }
}

/** Bytes of a string, from `at` to `end`. */
function readString(decoder: Decoder, chunk: Buffer, at: number, end: number): Decoded | undefined {
  decoder.missing -= end - at;
  if (decoder.skipped === 0) {
    const pieces = decoder.pieces || [];
    pieces.push(chunk.subarray(at, end));
    decoder.pieces = pieces;
  }
  if (decoder.missing > 0) {
    return undefined;
  }
  if (decoder.pieces === undefined) {
    return complete(decoder, STRING, null);
  }
  const bytes = Buffer.concat(decoder.pieces);
  decoder.pieces = undefined;
  return complete(decoder, STRING, bytes.subarray(0, bytes.length - CRLF));
}

/** A value is complete, and with it each aggregate of which it is the last item. */
function complete(decoder: Decoder, type: number, value: Value): Decoded | undefined {
  if (decoder.skipped > 0) {
    decoder.left--;
    if (decoder.left > 0) {
      return undefined;
    }
    decoder.left = 1;
    decoder.skipped--;
    return type === ERROR || type === BULK_ERROR ? { type: '-', value } : undefined;
  }
  let ended = value;
  let endedType = type;
  for (;;) {
    const within = decoder.open === undefined ? undefined : decoder.open[decoder.open.length - 1];
    if (within === undefined) {
      return { type: String.fromCharCode(endedType), value: ended };
    }
    within.items.push(ended);
    within.left--;
    if (within.left > 0) {
      return undefined;
    }
    (decoder.open as Aggregate[]).pop();
    ended = within.items;
    endedType = within.type;
  }
}

const NULL = -1;

const HYPHEN = 0x2d;
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
const ERROR = HYPHEN;
const INTEGER = 0x3a; // :
const VERBATIM = 0x3d; // =
const PUSH = 0x3e; // >
const NONE = 0x5f; // _
const SET = 0x7e; // ~
