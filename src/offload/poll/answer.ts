/** What the answer to a poll means. */

import { isDigit } from '../../shared/duration';
import type { Meaning } from './protocol';

/**
 * By the status, and whether there is a Location.
 *
 * @param location the header of that name; undefined if there is none
 * @param pending statuses that mean "not yet"; `transient`: more that are transient errors; as of readStatuses
 */
export function meaning(
  status: number,
  location: string | undefined,
  pending: string,
  transient: string,
): Meaning {
  if (isListed(status, pending)) {
    return 'pending';
  }
  switch (status) {
    case 502:
    case 503:
    case 504:
      return 'transient';
    case 301:
    case 302:
    case 303:
    case 307:
    case 308:
      return location === undefined ? 'result' : 'elsewhere';
    default:
      return isListed(status, transient) ? 'transient' : 'result';
  }
}

/**
 * A list of statuses as `$offload_transient` has it: `500` or `500 520`.
 *
 * @returns the list with a space around each status, for isListed; undefined if it is no list
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

/**
 * Whether the body of a poll is complete: nginx passes a truncated response to a subrequest as if it
 * were complete, so only Content-Length tells. `unknown`: there is none (chunked, FastCGI, or the end
 * of the connection ends the body).
 */
export type Body = 'complete' | 'truncated' | 'unknown';

/**
 * @param declared the header Content-Length; undefined if there is none
 * @param read bytes of body that came
 */
export function bodyOf(status: number, declared: string | undefined, read: number): Body {
  if (status === 204 || status === 304) {
    return 'complete';
  }
  if (declared === undefined) {
    return 'unknown';
  }
  return read < Number(declared) ? 'truncated' : 'complete';
}
