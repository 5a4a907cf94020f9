/** The header Retry-After: seconds, or a date. */

import { isDigit } from './duration';

/** Longer than any deadline in use; what lies beyond is cut to it. */
const LONGEST_MS = 86_400_000;

/**
 * @param nowMs the present time, ms since the epoch, to which a date is compared
 * @returns ms from now, 0 to a day; undefined for a header that says nothing
 * @see https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 */
export function readRetryAfter(header: string, nowMs: number): number | undefined {
  const text = header.trim();
  if (isNumber(text)) {
    return Math.min(Number(text) * 1000, LONGEST_MS);
  }
  // Date.parse reads much that is no HTTP date, negative numbers among it
  if (!hasDayAndZone(text)) {
    return undefined;
  }
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.min(Math.max(at - nowMs, 0), LONGEST_MS);
}

// by hand, as in duration.ts; and njs 0.7.9 throws at a regular expression where the text
// has bytes that are no UTF-8

function isNumber(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    if (!isDigit(text.charCodeAt(i))) {
      return false;
    }
  }
  return text !== '';
}

/** `Sun, … GMT`, `Sunday, … GMT` */
function hasDayAndZone(text: string): boolean {
  const day = text.indexOf(', ');
  const first = text.charAt(0);
  return day >= 3 && day <= 9 && first >= 'A' && first <= 'Z' && text.endsWith(' GMT');
}
