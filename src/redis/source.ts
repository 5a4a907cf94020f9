/** Where a result is in Redis, and what it looks like: the contract of celery.ts, stream.ts and rq.ts. */

import type { Step } from './answer';
import type { Large, Reply } from './resp';

export interface Source {
  /** Bytes of a string that are read into memory; a longer one is for `large`. */
  largest: number;
  /** Of its keys, behind the user's: no signal names any other key. */
  prefix: string;
  /** @returns commands, of which one waits for the result; the replies before its own are not read */
  ask(key: string, way: Way): Asked;
  /** @param reply not an error */
  read(reply: Reply, key: string, way: Way): Step;
  large(large: Large, way: Way): Step;
}

/** How a result is waited for and answered. */
export interface Way {
  /** Once more, after Redis was away or for a long header. */
  isAgain: boolean;
  /** Whether a problem document has the exception and its traceback. */
  hasErrors: boolean;
  /** Replies that were read. */
  replies: number;
}

/** The id before all entries of a stream. */
export const LAST_OF_NONE = '0-0';

export interface Asked {
  commands: string;
  /** Replies to them that say nothing, unless they are errors. */
  skipped: number;
}
