/**
 * Untrusted text for the error log. nginx writes a message as it is and truncates it at 2 KB: an escape
 * sequence would reach a terminal, and a long path would truncate the rest of the message.
 */

/** At most six characters of the log each, which leaves room for the message. */
const LONGEST = 200;

/** @returns printable ASCII on one line, in quotes, with `...` if it was truncated */
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
