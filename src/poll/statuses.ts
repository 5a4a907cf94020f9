/** A list of statuses, as `$offload_transient` has it: `500` or `500 520`. */

import { isDigit } from '../shared/duration';

/**
 * @returns the list with a space around each status, which isListed reads; undefined for what
 *          is no list
 */
export function readStatuses(text: string): string | undefined {
  for (let i = 0; i < text.length; i++) {
    if (!isDigit(text.charCodeAt(i)) && text.charAt(i) !== ' ') {
      return undefined;
    }
  }
  return ` ${text} `;
}

/** @param list of readStatuses */
export function isListed(status: number, list: string): boolean {
  return list.indexOf(` ${status} `) >= 0;
}
