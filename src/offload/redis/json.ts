/**
 * The members of a JSON object, as bytes: JSON.parse would change a number of 17 digits, and an amount of
 * 1.10 to 1.1.
 */

/** Where a value is in the text. */
export interface Span {
  start: number;
  end: number;
}

/**
 * Whether each value is JSON is not checked, only where it ends.
 *
 * @param keys of the members to find
 * @returns a span for each of the keys, undefined for one that is missing, and how many members the object
 *          has; undefined if the text is no JSON object
 */
export function membersOf(
  json: Buffer,
  start: number,
  end: number,
  keys: string[],
): { spans: (Span | undefined)[]; count: number } | undefined {
  const spans: (Span | undefined)[] = keys.map(() => undefined);
  let at = afterSpace(json, start, end);
  if (json[at] !== OPEN_OBJECT) {
    return undefined;
  }
  at = afterSpace(json, at + 1, end);
  let count = 0;
  while (json[at] === QUOTE && at < end) {
    const keyEnd = stringEnd(json, at, end);
    const key = json.toString('utf8', at + 1, keyEnd - 1);
    at = afterSpace(json, keyEnd, end);
    if (json[at] !== COLON) {
      return undefined;
    }
    at = afterSpace(json, at + 1, end);
    const valueEnd = endOf(json, at, end);
    const index = keys.indexOf(key);
    if (index >= 0) {
      spans[index] = { start: at, end: valueEnd };
    }
    count++;
    at = afterSpace(json, valueEnd, end);
    if (json[at] === CLOSE_OBJECT) {
      break;
    }
    if (json[at] !== COMMA) {
      return undefined;
    }
    at = afterSpace(json, at + 1, end);
  }
  return json[at] === CLOSE_OBJECT && afterSpace(json, at + 1, end) === end
    ? { spans, count }
    : undefined;
}

/** @returns where the value ends, or the end of the text */
function endOf(json: Buffer, start: number, end: number): number {
  let at = start;
  let depth = 0;
  while (at < end) {
    switch (json[at]) {
      case QUOTE:
        at = stringEnd(json, at, end);
        if (depth === 0) {
          return at;
        }
        continue;
      case OPEN_OBJECT:
      case OPEN_ARRAY:
        depth++;
        break;
      case CLOSE_OBJECT:
      case CLOSE_ARRAY:
        if (depth === 0) {
          return at;
        }
        depth--;
        if (depth === 0) {
          return at + 1;
        }
        break;
      case COMMA:
      case SPACE:
      case LINE_FEED:
      case CARRIAGE_RETURN:
      case TAB:
        if (depth === 0) {
          return at;
        }
    }
    at++;
  }
  return end;
}

/** @param start of the quote @returns the index after the closing one, or the end of the text */
function stringEnd(json: Buffer, start: number, end: number): number {
  let at = start;
  for (;;) {
    at = json.indexOf(QUOTE, at + 1);
    if (at < 0 || at >= end) {
      return end;
    }
    let escapes = 0;
    while (json[at - 1 - escapes] === BACKSLASH) {
      escapes++;
    }
    if (escapes % 2 === 0) {
      return at + 1;
    }
  }
}

function afterSpace(json: Buffer, start: number, end: number): number {
  let at = start;
  while (at < end && isSpace(json[at] as number)) {
    at++;
  }
  return at;
}

function isSpace(byte: number): boolean {
  return byte === SPACE || byte === LINE_FEED || byte === CARRIAGE_RETURN || byte === TAB;
}

const TAB = 0x09;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
