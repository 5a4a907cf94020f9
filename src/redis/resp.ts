/**
 * Redis's protocol, RESP3: commands as text, replies from bytes as they come, a byte at a time or many at
 * once.
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

/** A string that is not kept in memory: what follows of it is for nginx to pass on. */
export interface Large {
  /** Bytes in all, and the first ones. */
  length: number;
  first: Buffer;
  /** The aggregate that it is in, up to it, and whether it is the last item. */
  within: Value[];
  isLast: boolean;
}

export interface Decoder {
  /** Bytes of a string that are kept in memory at most. */
  largest: number;
  /** Of a line that is not complete. */
  line: string;
  /** Of a string that is not complete: its bytes, and how many are missing, with CR LF; 0: there is none. */
  pieces: Buffer[];
  missing: number;
  /** The aggregates that are not complete, from the outermost. */
  open: Aggregate[];
}

interface Aggregate {
  type: string;
  items: Value[];
  count: number;
}

export interface Decoded {
  replies: Reply[];
  /** After it, or after a malformed reply, the decoder is of no use. */
  large: Large | undefined;
  isMalformed: boolean;
}

/** Bytes of a line, and nested aggregates. Redis's own are shorter, and fewer. */
const LONGEST_LINE = 8192;
const DEEPEST = 8;
const MOST_ITEMS = 4096;
const CRLF = 2;

/** @param words strings without bytes that are not ASCII: they are counted as characters */
export function command(words: string[]): string {
  let text = `*${words.length}\r\n`;
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string;
    text += `$${word.length}\r\n${word}\r\n`;
  }
  return text;
}

export function newDecoder(largest: number): Decoder {
  return { largest, line: '', pieces: [], missing: 0, open: [] };
}

export function decode(decoder: Decoder, chunk: Buffer): Decoded {
  const decoded: Decoded = { replies: [], large: undefined, isMalformed: false };
  let at = 0;
  while (at < chunk.length && decoded.large === undefined && !decoded.isMalformed) {
    at =
      decoder.missing > 0
        ? readString(decoder, decoded, chunk, at)
        : readLine(decoder, decoded, chunk, at);
  }
  return decoded;
}

/** @returns where the next part of the reply is */
function readString(decoder: Decoder, decoded: Decoded, chunk: Buffer, at: number): number {
  const end = Math.min(at + decoder.missing, chunk.length);
  decoder.pieces.push(chunk.subarray(at, end));
  decoder.missing -= end - at;
  if (decoder.missing === 0) {
    const bytes = Buffer.concat(decoder.pieces);
    decoder.pieces = [];
    complete(decoder, decoded, '$', bytes.subarray(0, bytes.length - CRLF));
  }
  return end;
}

function readLine(decoder: Decoder, decoded: Decoded, chunk: Buffer, at: number): number {
  const feed = chunk.indexOf(LINE_FEED, at);
  const end = feed < 0 ? chunk.length : feed + 1;
  decoder.line += chunk.toString('utf8', at, end);
  if (decoder.line.length > LONGEST_LINE) {
    decoded.isMalformed = true;
  } else if (feed >= 0) {
    const line = decoder.line;
    decoder.line = '';
    if (line.slice(-CRLF) === '\r\n') {
      return end + begin(decoder, decoded, line.slice(0, -CRLF), chunk.subarray(end));
    }
    decoded.isMalformed = true;
  }
  return end;
}

/** @returns bytes of the rest that were read: those of a large string */
function begin(decoder: Decoder, decoded: Decoded, line: string, rest: Buffer): number {
  const type = line.charAt(0);
  const text = line.slice(1);
  switch (type) {
    case '+':
    case '-':
    case ':':
    case ',':
    case '#':
    case '(':
      complete(decoder, decoded, type, text);
      return 0;
    case '_':
      complete(decoder, decoded, type, null);
      return 0;
    case '$':
    case '!':
    case '=':
      return beginString(decoder, decoded, text, rest);
    case '*':
    case '~':
    case '>':
    case '%':
      beginAggregate(decoder, decoded, type, text);
      return 0;
    default:
      decoded.isMalformed = true;
      return 0;
  }
}

function beginString(decoder: Decoder, decoded: Decoded, text: string, rest: Buffer): number {
  const length = readCount(text);
  if (text === '-1') {
    complete(decoder, decoded, '_', null);
  } else if (length === undefined) {
    decoded.isMalformed = true;
  } else if (length <= decoder.largest) {
    decoder.missing = length + CRLF;
  } else {
    const within = decoder.open[decoder.open.length - 1];
    const first = rest.subarray(0, Math.min(length, rest.length));
    decoded.large = {
      length,
      first,
      within: within === undefined ? [] : within.items,
      isLast: within === undefined || within.items.length === within.count - 1,
    };
    return first.length;
  }
  return 0;
}

function beginAggregate(decoder: Decoder, decoded: Decoded, type: string, text: string): void {
  const length = readCount(text);
  if (text === '-1') {
    complete(decoder, decoded, '_', null);
  } else if (length === undefined || length > MOST_ITEMS || decoder.open.length === DEEPEST) {
    decoded.isMalformed = true;
  } else if (length === 0) {
    complete(decoder, decoded, type, []);
  } else {
    decoder.open.push({ type, items: [], count: type === '%' ? 2 * length : length });
  }
}

/** A value is complete, and with it all aggregates of which it is the last item. */
function complete(decoder: Decoder, decoded: Decoded, type: string, value: Value): void {
  let ended = value;
  let endedType = type;
  for (;;) {
    const within = decoder.open[decoder.open.length - 1];
    if (within === undefined) {
      decoded.replies.push({ type: endedType, value: ended });
      return;
    }
    within.items.push(ended);
    if (within.items.length < within.count) {
      return;
    }
    decoder.open.pop();
    ended = within.items;
    endedType = within.type;
  }
}

/** @returns undefined if it is no count */
function readCount(text: string): number | undefined {
  let count = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - ZERO;
    if (digit < 0 || digit > 9) {
      return undefined;
    }
    count = count * 10 + digit;
  }
  return text === '' || count > LARGEST_STRING ? undefined : count;
}

/** proto-max-bulk-len of Redis, 512 MB, may be raised. */
const LARGEST_STRING = 2 ** 40;
const LINE_FEED = 0x0a;
const ZERO = 0x30;
