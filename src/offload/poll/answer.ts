/** What the answer to a poll means. */

import { isDigit } from '../../shared/duration';

/**
 * `pending`: the job is running. `transient`: the poll failed, the job did not. `elsewhere`: the
 * result is at Location. `result`: this is the result.
 */
export type Meaning = 'pending' | 'transient' | 'elsewhere' | 'result';

/**
 * @param location the header of that name; undefined if there is none
 * @param transient more statuses that are transient errors, as of readStatuses
 */
export function meaning(status: number, location: string | undefined, transient: string): Meaning {
  switch (status) {
    case 202:
    case 425:
    // "not yet" of the X-OffloadToPoller convention
    case 400:
      return 'pending';
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
