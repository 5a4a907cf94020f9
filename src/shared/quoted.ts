/**
 * What others wrote, as it may stand in the error log. nginx writes a message there byte by
 * byte and cuts it at 2 KB: without this, an escape sequence would reach the terminal of who
 * reads the log, and a long path would push out what is said about it.
 */

/** Six characters of the log each at worst, which leaves room for what is said. */
const LONGEST = 200;

/** @returns printable ASCII on one line, in quotes, with `...` where it was cut */
export function quoted(text: string): string {
  const end = Math.min(text.length, LONGEST);
  let safe = '';
  let from = 0;
  for (let i = 0; i < end; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x20 || code >= 0x7f || code === QUOTE || code === BACKSLASH) {
      safe += `${text.slice(from, i)}\\u${`000${code.toString(16)}`.slice(-4)}`;
      from = i + 1;
    }
  }
  safe += text.slice(from, end);
  return end < text.length ? `"${safe}..."` : `"${safe}"`;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
