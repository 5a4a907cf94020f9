/** What the answer to a poll means. */

import { readTarget, type Target } from './target';
import type { Checked } from './verdict';

/**
 * `pending`: the job runs. `lost`: this poll broke, the job did not. `elsewhere`: the result
 * is there, at Location. `result`: this is it.
 */
export type Meaning = 'pending' | 'lost' | 'elsewhere' | 'result';

/** @param location the header of that name, where there is one */
export function meaning(status: number, location: string | undefined): Meaning {
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
      return 'result';
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

/**
 * Where a Location leads, as a target on this server.
 *
 * @param location the header: a path, or a URL of this host
 * @param host the header Host of the client
 */
export function locationTarget(location: string, host: string): Checked<Target> {
  const absolute = /^https?:\/\/([^/?#]*)(.*)$/i.exec(location);
  if (absolute === null) {
    return readTarget(location);
  }
  if ((absolute[1] as string).toLowerCase() !== host.toLowerCase()) {
    return 'is on another host';
  }
  return readTarget(absolute[2] as string);
}
