/** What the answer to a poll means. */

import { readTarget, type Target } from './target';
import { type Checked, refused } from './verdict';

/** The parts of an answer that decide; header values as received, absent ones undefined. */
export interface PollAnswer {
  status: number;
  location: string | undefined;
  /** The header Content-Length in bytes. */
  declaredLength: number | undefined;
  /** The bytes of body that were read; undefined where only the headers were asked for. */
  bodyLength: number | undefined;
}

/**
 * `pending`: the job runs. `lost`: this poll broke, the job did not. `elsewhere`: the result
 * is there, at Location. `result`: this is it.
 */
export type Meaning = 'pending' | 'lost' | 'elsewhere' | 'result';

/** Under X-OffloadToPoller a 400 is the app's word for "not yet". */
const PENDING = [202, 400, 425];
const LOST = [502, 503, 504];
const ELSEWHERE = [301, 302, 303, 307, 308];

export function meaning(answer: PollAnswer): Meaning {
  if (PENDING.indexOf(answer.status) >= 0) {
    return 'pending';
  }
  if (LOST.indexOf(answer.status) >= 0 || isCutOff(answer)) {
    return 'lost';
  }
  if (ELSEWHERE.indexOf(answer.status) >= 0 && answer.location !== undefined) {
    return 'elsewhere';
  }
  return 'result';
}

/** nginx gives a subrequest that broke off in its body as if it were whole. */
function isCutOff(answer: PollAnswer): boolean {
  return (
    answer.declaredLength !== undefined &&
    answer.bodyLength !== undefined &&
    answer.status !== 304 &&
    answer.bodyLength < answer.declaredLength
  );
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
    return refused('is on another host');
  }
  return readTarget(absolute[2] as string);
}
