/**
 * Times as nginx writes them: `250ms`, `60s`, `5m`, `1h 30m`; a bare number is seconds.
 *
 * Read by hand, as is all that every try reads: in njs's own engine a regular expression
 * costs 10 to 30 KB of a held client's memory, and a split a quarter of one.
 */

/** Far more than any deadline, and small enough to add up without loss. */
const LARGEST = 1e12;

/**
 * @returns milliseconds, or undefined for what is no time
 * @see https://nginx.org/en/docs/syntax.html
 */
export function readDuration(text: string): number | undefined {
  let total = 0;
  let at = 0;
  while (at < text.length) {
    const digits = at;
    let value = 0;
    while (isDigit(text.charCodeAt(at))) {
      value = value * 10 + text.charCodeAt(at) - ZERO;
      at++;
    }
    const end = endOfUnit(text, at);
    const unit = unitMs(text.slice(at, end));
    if (at === digits || value > LARGEST || unit === undefined) {
      return undefined;
    }
    total += value * unit;
    // a space must have something behind it
    at = end + 1;
  }
  return text.length > 0 && at === text.length + 1 ? total : undefined;
}

const ZERO = 0x30;

/** @param code of a character; NaN behind the end of a text */
export function isDigit(code: number): boolean {
  return code >= ZERO && code <= ZERO + 9;
}

function endOfUnit(text: string, from: number): number {
  const space = text.indexOf(' ', from);
  return space < 0 ? text.length : space;
}

function unitMs(unit: string): number | undefined {
  switch (unit) {
    case 'ms':
      return 1;
    case 's':
    case '':
      return 1000;
    case 'm':
      return 60_000;
    case 'h':
      return 3_600_000;
    case 'd':
      return 86_400_000;
    default:
      return undefined;
  }
}
