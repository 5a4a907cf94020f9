/**
 * Redis's protocol, RESP3: commands as text, replies from bytes as they come, a byte at a time or many at
 * once.
 *
 * Each held client has a decoder, in a JavaScript VM that frees nothing before its end: one flat object, and no
 * object or string for what is not kept. So a reply is no tree: of a push and of XREAD's reply the last item alone
 * is kept, which is the message and the newest entry.
 *
 * @see https://redis.io/docs/latest/develop/reference/protocol-spec/
 */

import {
  ARRAY,
  BIG_NUMBER,
  BOOLEAN,
  BULK_ERROR,
  CARRIAGE_RETURN,
  DOUBLE,
  ERROR,
  HYPHEN,
  INTEGER,
  LARGEST_NUMBER,
  LINE_FEED,
  lengthIn,
  MAP,
  NINE,
  NONE,
  NULL,
  PUSH,
  SET,
  SIMPLE,
  STRING,
  VERBATIM,
  ZERO,
} from './line';
import { isState } from './state';

/** An entry of a stream. */
export interface Entry {
  id: string;
  /** Names and values in turn. */
  fields: Buffer[];
}

/** `push`: the last item of one, if it is a string. `entry`: the last one of XREAD's reply. */
export type Reply =
  | { type: 'error' | 'text'; text: string }
  | { type: 'string' | 'push'; bytes: Buffer }
  | { type: 'entry'; entry: Entry };

/** A string that is not read into memory: what follows of it is for nginx to pass on. */
export interface Large {
  type: 'large';
  /** Bytes in all, and the first ones. */
  length: number;
  first: Buffer;
  /** The fields of the entry that it is in, up to it, and whether it is the last one. */
  within: Buffer[];
  isLast: boolean;
}

/**
 * `nothing`: null, a state of Celery that is no result, or a push without a message. After `malformed` or a large
 * string the decoder is of no use.
 */
export type Decoded = Reply | Large | 'nothing' | 'malformed';

export interface Decoder {
  /** Bytes of a string that are read into memory at most. */
  largest: number;
  /** Values to pass over before the next one that is kept. */
  passed: number;
  /** Where in a reply it is: 0, or IN_… */
  depth: number;
  /** Fields to come. */
  left: number;
  /** The line that is read: its first byte, or 0; its number, or NULL; its text, if it is kept. */
  type: number;
  number: number;
  text: string;
  /** Bytes of a string to come, with CR LF; 0: none is read. */
  missing: number;
  /** Where the chunk is read on. */
  at: number;
  /** The string, if it is kept; the entry. */
  pieces?: Buffer[] | undefined;
  entry?: Entry | undefined;
}

const LONGEST_TEXT = 8192;
const MOST_FIELDS = 64;
const CRLF = 2;

/** Aggregates: those of XREAD's reply, from the outermost, and a push. */
const IN_STREAMS = 1;
const IN_ENTRIES = 2;
const IN_ENTRY = 3;
const IN_FIELDS = 4;
const IN_PUSH = 5;

/** @param words they are sent as UTF-8 */
export function command(words: string[]): string {
  let text = '*'.concat(String(words.length), '\r\n');
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string;
    text = text.concat('$', String(Buffer.byteLength(word)), '\r\n', word, '\r\n');
  }
  return text;
}

/** @param skipped replies to come that are not kept, unless they are errors */
export function newDecoder(largest: number, skipped: number): Decoder {
  return {
    largest,
    passed: skipped,
    depth: 0,
    left: 0,
    type: 0,
    number: 0,
    text: '',
    missing: 0,
    at: 0,
  };
}

/** @returns the next reply that is complete, or undefined at the end of the chunk */
export function next(decoder: Decoder, chunk: Buffer): Decoded | undefined {
  const end = chunk.length;
  let decoded: Decoded | undefined;
  while (decoded === undefined && decoder.at < end) {
    if (decoder.missing > 0) {
      decoded = readString(decoder, chunk, end);
    } else {
      if (decoder.passed > 0 && decoder.type === 0) {
        pass(decoder, chunk, end);
      }
      if (decoder.at < end) {
        decoded = readLine(decoder, chunk, end);
      }
    }
  }
  return decoded;
}

/**
 * Passes over values that are whole in the chunk, such as the 26 lines of HELLO's reply, without what is kept of a line
 * that is not; readLine has the rest.
 */
function pass(decoder: Decoder, chunk: Buffer, end: number): void {
  let at = decoder.at;
  let passed = decoder.passed;
  while (passed > 0) {
    const lineFeed = chunk.indexOf(LINE_FEED, at);
    const type = chunk[at];
    let after = lineFeed + 1;
    let within = 0;
    if (type !== INTEGER) {
      const length = lengthIn(chunk, at, lineFeed);
      if (type === STRING) {
        after += length + CRLF;
      } else {
        within = type === MAP ? 2 * length : length;
      }
      if (length < 0) {
        break;
      }
    }
    if (lineFeed < 0 || after > end) {
      break;
    }
    at = after;
    passed += within - 1;
  }
  decoder.at = at;
  decoder.passed = passed;
}

function readLine(decoder: Decoder, chunk: Buffer, length: number): Decoded | undefined {
  let start = decoder.at;
  const lineFeed = chunk.indexOf(LINE_FEED, start);
  if (decoder.type === 0) {
    const type = chunk[start] as number;
    const number = lengthIn(chunk, start, lineFeed);
    if (number >= 0) {
      decoder.at = lineFeed + 1;
      return begin(decoder, type, number, chunk, length);
    }
    decoder.type = type;
    decoder.number = 0;
    decoder.text = '';
    start++;
  }
  const end = lineFeed < 0 ? length : lineFeed;
  decoder.at = lineFeed < 0 ? end : end + 1;
  if (!readPart(decoder, chunk, start, end)) {
    return 'malformed';
  }
  if (lineFeed < 0) {
    return undefined;
  }
  const type = decoder.type;
  decoder.type = 0;
  return begin(decoder, type, decoder.number, chunk, length);
}

/** A line is complete. */
function begin(
  decoder: Decoder,
  type: number,
  number: number,
  chunk: Buffer,
  end: number,
): Decoded | undefined {
  switch (type) {
    case STRING:
    case BULK_ERROR:
    case VERBATIM:
      return number === NULL
        ? complete(decoder, NONE)
        : beginString(decoder, type, number, chunk, end);
    case ARRAY:
    case SET:
    case PUSH:
    case MAP:
      return number === NULL
        ? complete(decoder, NONE)
        : beginAggregate(decoder, type, type === MAP ? 2 * number : number);
    default:
      return complete(decoder, type);
  }
}

/** Reads a part of a line. @returns whether it can be one */
function readPart(decoder: Decoder, chunk: Buffer, start: number, end: number): boolean {
  switch (decoder.type) {
    case STRING:
    case BULK_ERROR:
    case VERBATIM:
    case ARRAY:
    case SET:
    case PUSH:
    case MAP:
      for (let at = start; at < end; at++) {
        const byte = chunk[at] as number;
        if (byte === HYPHEN && decoder.number === 0) {
          decoder.number = NULL;
        } else if (byte !== CARRIAGE_RETURN) {
          if (byte < ZERO || byte > NINE || decoder.number > LARGEST_NUMBER) {
            return false;
          }
          decoder.number = decoder.number === NULL ? NULL : decoder.number * 10 + byte - ZERO;
        }
      }
      return true;
    case SIMPLE:
    case ERROR:
      if (end - start + decoder.text.length > LONGEST_TEXT) {
        return false;
      }
      decoder.text = decoder.text.concat(chunk.toString('utf8', start, end));
      return true;
    case NONE:
    case INTEGER:
    case DOUBLE:
    case BOOLEAN:
    case BIG_NUMBER:
      return true;
    default:
      return false;
  }
}

function beginString(
  decoder: Decoder,
  type: number,
  length: number,
  chunk: Buffer,
  end: number,
): Decoded | undefined {
  const at = decoder.at;
  const stop = at + length;
  const depth = decoder.depth;
  if (decoder.passed > 0) {
    decoder.missing = length + CRLF;
    return undefined;
  }
  if (type !== STRING) {
    return 'malformed';
  }
  if (length > decoder.largest) {
    const entry = decoder.entry;
    return {
      type: 'large',
      length,
      first: chunk.subarray(at, Math.min(stop, end)),
      within: entry === undefined ? [] : entry.fields,
      isLast: depth !== IN_FIELDS || decoder.left === 1,
    };
  }
  const isKept = (depth !== 0 && depth !== IN_PUSH) || !isState(chunk, at, Math.min(stop, end));
  if (isKept && stop + CRLF <= end) {
    decoder.at = stop + CRLF;
    return complete(decoder, STRING, chunk.subarray(at, stop));
  }
  decoder.missing = length + CRLF;
  decoder.pieces = isKept ? [] : undefined;
  return undefined;
}

function readString(decoder: Decoder, chunk: Buffer, length: number): Decoded | undefined {
  const start = decoder.at;
  const end = Math.min(start + decoder.missing, length);
  const pieces = decoder.pieces;
  decoder.at = end;
  decoder.missing -= end - start;
  if (pieces !== undefined) {
    pieces.push(chunk.subarray(start, end));
  }
  if (decoder.missing > 0) {
    return undefined;
  }
  if (pieces === undefined) {
    return complete(decoder, NONE);
  }
  decoder.pieces = undefined;
  const bytes = Buffer.concat(pieces);
  return complete(decoder, STRING, bytes.subarray(0, bytes.length - CRLF));
}

/** A value is complete. @param bytes of a string that is kept */
function complete(decoder: Decoder, type: number, bytes?: Buffer): Decoded | undefined {
  const depth = decoder.depth;
  if (type === ERROR && depth === 0) {
    return { type: 'error', text: decoder.text.trim() };
  }
  if (decoder.passed > 0) {
    decoder.passed--;
    return undefined;
  }
  if (bytes === undefined) {
    decoder.depth = 0;
    if (type === SIMPLE && depth === 0) {
      return { type: 'text', text: decoder.text.trim() };
    }
    return depth === IN_PUSH || (type === NONE && depth === 0) ? 'nothing' : 'malformed';
  }
  const entry = decoder.entry;
  switch (depth) {
    case 0:
    case IN_PUSH:
      decoder.depth = 0;
      return { type: depth === 0 ? 'string' : 'push', bytes };
    case IN_ENTRY:
      decoder.entry = { id: bytes.toString(), fields: [] };
      return entry === undefined ? undefined : 'malformed';
    case IN_FIELDS:
      (entry as Entry).fields.push(bytes);
      decoder.left--;
      if (decoder.left > 0) {
        return undefined;
      }
      decoder.depth = 0;
      decoder.entry = undefined;
      return { type: 'entry', entry: entry as Entry };
    default:
      return 'malformed';
  }
}

/** @param length items; of a map, keys and values in turn */
function beginAggregate(decoder: Decoder, type: number, length: number): Decoded | undefined {
  if (decoder.passed > 0) {
    decoder.passed += length - 1;
    return undefined;
  }
  switch (decoder.depth) {
    case 0:
      decoder.depth = type === PUSH ? IN_PUSH : IN_STREAMS;
      break;
    case IN_STREAMS:
      decoder.depth = IN_ENTRIES;
      break;
    case IN_ENTRIES:
      decoder.depth = IN_ENTRY;
      return length === 2 ? undefined : 'malformed';
    case IN_ENTRY:
      decoder.depth = IN_FIELDS;
      decoder.left = length;
      return decoder.entry === undefined || length === 0 || length > MOST_FIELDS
        ? 'malformed'
        : undefined;
    default:
      return 'malformed';
  }
  decoder.passed = length - 1;
  return length === 0 ? 'malformed' : undefined;
}
