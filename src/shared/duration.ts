/**
 * Times as nginx reads them: `250ms`, `60s`, `5m`, `1h 30m`, `1h30m`; a number alone is seconds.
 *
 * Without regular expressions, as all that each attempt reads: in njs's own engine one costs 10 to 30 KB
 * of a held client's memory.
 */

/** ms: more than any setting allows, and exact as a number. */
const LARGEST = 1e12;

/** Less than that in any unit. */
const MOST_ALONE = 1e6;

/**
 * @returns milliseconds, or undefined if it is no time
 * @see https://nginx.org/en/docs/syntax.html
 */
export function readDuration(text: string): number | undefined {
  // mostly a number and a unit; njs takes as long to read two characters
  const only = Number.parseInt(text, 10);
  if (only >= 0 && only <= MOST_ALONE) {
    if (text === `${only}s`) {
      return only * 1000;
    }
    if (text === `${only}ms`) {
      return only;
    }
  }
  let total = 0;
  let at = 0;
  while (at < text.length) {
    const digits = at;
    let value = 0;
    while (isDigit(text.charCodeAt(at))) {
      value = value * 10 + text.charCodeAt(at) - ZERO;
      at++;
    }
    const letters = at;
    // a space or a digit ends a unit; both sort below letters
    while (text.charCodeAt(at) > NINE) {
      at++;
    }
    const unit = unitMs(text.slice(letters, at));
    if (letters === digits || unit === undefined) {
      return undefined;
    }
    total += value * unit;
    if (total > LARGEST) {
      return undefined;
    }
    at += text.charCodeAt(at) === SPACE ? 1 : 0;
  }
  // no space at the end
  return text === '' || text.charCodeAt(text.length - 1) === SPACE ? undefined : total;
}

const ZERO = 0x30;
const NINE = 0x39;
const SPACE = 0x20;

/** @param code of a character; NaN past the end of a text */
export function isDigit(code: number): boolean {
  return code >= ZERO && code <= NINE;
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
    case 'w':
      return 604_800_000;
    default:
      return undefined;
  }
}
