/**
 * The header Retry-After, of a signal and of an answer to a poll (schedule.ts): seconds, or a date. Without regular
 * expressions, for memory (see duration.ts) and because njs 0.7.9 throws at one over bytes that are not UTF-8.
 */

import { isDigit } from '../../shared/duration';
import { LONGEST_TIMEOUT_MS } from './settings';

/**
 * @param nowMs the present time, ms since the epoch, for a date
 * @returns ms from now, 0 to a day; undefined if the header can't be read
 * @see https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 */
export function readRetryAfter(header: string, nowMs: number): number | undefined {
  const text = header.trim();
  let digits = 0;
  while (isDigit(text.charCodeAt(digits))) {
    digits++;
  }
  if (digits > 0 && digits === text.length) {
    return Math.min(Number(text) * 1000, LONGEST_TIMEOUT_MS);
  }
  // Date.parse reads more than HTTP dates, such as negative numbers
  const day = text.indexOf(', ');
  const first = text.charAt(0);
  if (day < 3 || day > 9 || first < 'A' || first > 'Z' || !text.endsWith(' GMT')) {
    return undefined;
  }
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.min(Math.max(at - nowMs, 0), LONGEST_TIMEOUT_MS);
}
