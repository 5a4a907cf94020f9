/**
 * What @offload_fault in the public server does with a held request, by what every way of waiting says
 * of an attempt. Pure: handler.ts reads and acts.
 */

/**
 * What a way of waiting says to @offload_fault (src/shared/hop.ts), with a 504 or (Redis) X-Accel-Redirect:
 * `timeout`: the client's timeout passed, and this attempt made no poll. `timeout_in_poll`: it passed
 * during a poll. `refused`: the signal, a Location or what Redis has can't be used. `long_header`: the header of
 * the result needs larger buffers. Of Redis alone: `away`: it is not ready. `unavailable`: it refuses this
 * client. `ready`: it is there again. `found`: the result is there, with a long header or a status that the way to
 * it would repeat. `talkative`: the task publishes so much that the memory for it is used up; another attempt has its
 * own.
 */
export type Outcome =
  | 'timeout'
  | 'timeout_in_poll'
  | 'refused'
  | 'long_header'
  | 'away'
  | 'unavailable'
  | 'ready'
  | 'found'
  | 'talkative';

export interface Fault {
  /** $limit_conn_status is REJECTED. */
  isOverLimit: boolean;
  /** The result is waited for on Redis; and whether the signal names a path to poll as well. */
  isRedis: boolean;
  canPoll: boolean;
  /** Whether the private socket that failed exists. */
  isListening: boolean;
  /** An Outcome; empty, or another word, if the connection failed. */
  outcome: string;
  /** Connections that failed before, in this request. */
  failures: number;
  /** ms since the signal, and $offload_timeout in ms. */
  waited: number;
  timeout: number;
  /** 0 to 1. */
  random: number;
}

/**
 * `answer`: end the request. `again`: the next attempt, after a pause in ms. `reject`: a 503 with Retry-After.
 * `isCancelled`: tell the app first; a waiter that polls has done so itself.
 */
export type FaultAction =
  | { do: 'answer'; status: 502 | 504; isCancelled: boolean }
  | { do: 'reject'; isCancelled: boolean }
  | { do: 'again'; at: Again; pause: number };

/** `poll`: @offload_again. `away`: @offload_redis_away. `repeated`: @offload_redis_repeated. */
export type Again = 'poll' | 'away' | 'repeated';

/**
 * Pauses of 0.2, 1.6 and 12.8 s, each up to twice that by chance: connections that failed together are
 * not repeated together. nginx ends a request after 10 internal redirects; a pause takes two, and one more
 * leads back from a Redis that was away for the first time.
 */
const MOST_FAILURES = 3;
const MOST_OF_REDIS = 2;
const FIRST_PAUSE_MS = 200;
const FACTOR = 8;

export function decideOnFault(fault: Fault): FaultAction {
  if (fault.isOverLimit) {
    return { do: 'reject', isCancelled: true };
  }
  switch (fault.outcome) {
    case 'timeout':
    case 'timeout_in_poll':
      return { do: 'answer', status: 504, isCancelled: fault.isRedis };
    case 'refused':
      return { do: 'answer', status: 502, isCancelled: fault.isRedis };
    case 'long_header':
      return { do: 'again', at: 'poll', pause: 0 };
  }
  if (fault.isRedis && fault.canPoll) {
    return { do: 'again', at: 'poll', pause: 0 };
  }
  const isLost = fault.isRedis
    ? fault.outcome === 'unavailable' || !fault.isListening || fault.failures >= MOST_OF_REDIS
    : fault.failures >= MOST_FAILURES;
  if (isLost) {
    // a client that repeats its call may still get the job's result: no cancel
    return { do: 'reject', isCancelled: false };
  }
  const factor = fault.isRedis ? 1 : FACTOR ** fault.failures;
  const pause = FIRST_PAUSE_MS * factor * (1 + fault.random);
  return {
    do: 'again',
    at: fault.isRedis ? (fault.failures === 0 ? 'away' : 'repeated') : 'poll',
    pause: Math.min(pause, Math.max(fault.timeout - fault.waited, 0)),
  };
}
