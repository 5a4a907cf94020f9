/** What the answer to a poll means. */

import { isListed } from './statuses';

/**
 * `pending`: the job runs. `lost`: this poll broke, the job did not. `elsewhere`: the result
 * is there, at Location. `result`: this is it.
 */
export type Meaning = 'pending' | 'lost' | 'elsewhere' | 'result';

/**
 * @param location the header of that name, where there is one
 * @param lost statuses that count as lost beside those that always do, as of readStatuses
 */
export function meaning(status: number, location: string | undefined, lost: string): Meaning {
  switch (status) {
    case 202:
    case 425:
    // the word for "not yet" of X-OffloadToPoller
    case 400:
      return 'pending';
    case 502:
    case 503:
    case 504:
      return 'lost';
    case 301:
    case 302:
    case 303:
    case 307:
    case 308:
      return location === undefined ? 'result' : 'elsewhere';
    default:
      return isListed(status, lost) ? 'lost' : 'result';
  }
}

/**
 * What is known of the body that a poll brought. nginx gives a subrequest whose answer broke
 * off as if it were whole: only a Content-Length tells. `unknown` is one without: chunked,
 * FastCGI's, or one that ends with its connection.
 */
export type Body = 'whole' | 'cut off' | 'unknown';

/**
 * @param declared the header Content-Length; undefined where there is none
 * @param read bytes of body that came
 */
export function bodyOf(status: number, declared: string | undefined, read: number): Body {
  if (status === 204 || status === 304) {
    return 'whole';
  }
  if (declared === undefined) {
    return 'unknown';
  }
  return read < Number(declared) ? 'cut off' : 'whole';
}

/** What a poll may bring along: subrequest_output_buffer_size of the snippets. */
export const LARGEST_IN_MEMORY = 1024 * 1024;

/** @param declared the header Content-Length; undefined where there is none */
export function isShort(declared: string | undefined): boolean {
  return declared !== undefined && Number(declared) <= LARGEST_IN_MEMORY;
}
