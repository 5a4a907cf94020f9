/**
 * The header Retry-After: seconds, or a date. Read by hand as all that many tries read; and
 * njs 0.7.9 throws at a regular expression over bytes that are no UTF-8.
 */

import { isDigit } from '../shared/duration';

/** Longer than any deadline in use; what lies beyond is cut to it. */
const LONGEST_MS = 86_400_000;

/**
 * @param nowMs the present time, ms since the epoch, to which a date is compared
 * @returns ms from now, 0 to a day; undefined for a header that says nothing
 * @see https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 */
export function readRetryAfter(header: string, nowMs: number): number | undefined {
  const text = header.trim();
  let digits = 0;
  while (isDigit(text.charCodeAt(digits))) {
    digits++;
  }
  if (digits > 0 && digits === text.length) {
    return Math.min(Number(text) * 1000, LONGEST_MS);
  }
  // Date.parse reads much that is no HTTP date, negative numbers among it
  const day = text.indexOf(', ');
  const first = text.charAt(0);
  if (day < 3 || day > 9 || first < 'A' || first > 'Z' || !text.endsWith(' GMT')) {
    return undefined;
  }
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.min(Math.max(at - nowMs, 0), LONGEST_MS);
}
