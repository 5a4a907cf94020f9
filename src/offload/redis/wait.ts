/** What a wait on Redis knows of its client and its result, and what reads replies for it. */

import type { Outcome } from '../held/fault';
import type { Step } from './answer';
import type { Decoded } from './resp';

/** Which key a result is under, and what it looks like there: X-Offload-Celery, -Stream or -Rq has its id. */
export type Kind = 'celery' | 'stream' | 'rq';

/**
 * `probe`: asks only whether Redis can be read. `found`: the result is there, and is passed on whatever its status and
 * the length of its header.
 */
export type To = 'wait' | 'found' | 'probe';

export interface Wait {
  kind: Kind;
  /** As the app wrote it. */
  id: string;
  /** Why the id is invalid; empty if it is valid. */
  refusal: string;
  /** ms until the client's timeout, or until it is sent on (src/offload/hop/), and which of them it is. */
  left: number;
  end: 'timeout' | 'hop';
  /** Whether it is sent on in a quit as well. */
  isSentOn: boolean;
  /** Redis was away before. */
  isAgain: boolean;
  to: To;
  /** Key in Redis, with all prefixes. */
  key: string;
  /** Replies that were read, and what those without a result cost, in bytes. */
  replies: number;
  spent: number;
  /** What reads replies, once there was one to read: its functions stay in the VM. */
  answering?: Answering;
}

/** A reply that has something to say. */
export type Said = Exclude<Decoded, 'nothing'>;

export interface Answering {
  /** @returns undefined: no result */
  read(wait: Wait, said: Said, hasErrors: boolean): Step | undefined;
  /** @param error that was thrown: a case that this code does not know */
  failed(error: unknown): Step;
  /** For the error log. */
  lineOf(id: string, outcome: Outcome, reason: string): string;
  /** The same, for headers that a result is sent without. */
  leftLineOf(id: string, names: string[]): string;
  /** @returns the answer to @offload_redis if there is no result */
  ended(outcome: Outcome): string;
}
