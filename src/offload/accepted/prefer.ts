/**
 * The header Prefer: what a client wants of a call that takes long.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7240
 */

import { isDigit } from '../../shared/duration';

/** Whole seconds of a day: longer than any timeout. */
const LONGEST_S = 86_400;

/**
 * @param prefer the header
 * @returns ms of its `wait`; undefined if it has none that can be read. 0 s is 10 ms, the shortest timeout
 */
export function preferredWait(prefer: string): number | undefined {
  const preferences = prefer.split(',');
  for (let i = 0; i < preferences.length; i++) {
    const words = ((preferences[i] as string).split(';')[0] as string).split('=');
    if (words.length === 2 && (words[0] as string).trim().toLowerCase() === 'wait') {
      return readSeconds((words[1] as string).trim());
    }
  }
  return undefined;
}

function readSeconds(text: string): number | undefined {
  const last = text.length - 1;
  const isQuoted = last > 0 && text.charAt(0) === '"' && text.charAt(last) === '"';
  const digits = isQuoted ? text.slice(1, last) : text;
  for (let i = 0; i < digits.length; i++) {
    if (!isDigit(digits.charCodeAt(i))) {
      return undefined;
    }
  }
  return digits === '' ? undefined : Math.max(Math.min(Number(digits), LONGEST_S) * 1000, 10);
}
