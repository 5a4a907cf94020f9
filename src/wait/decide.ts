/**
 * What @offload_fault in the public server does with a held request, by what every way of waiting says
 * of an attempt. Pure: handler.ts reads and acts.
 */

/**
 * The header X-Offload-Outcome, from a way of waiting to @offload_fault with a 504:
 * `timeout`: the client's timeout passed, and this attempt made no poll. `timeout_in_poll`: it passed
 * during a poll. `refused`: the signal or a Location can't be polled. `long_header`: the header of the
 * result needs larger buffers.
 */
export type Outcome = 'timeout' | 'timeout_in_poll' | 'refused' | 'long_header';

export interface Fault {
  /** $limit_conn_status is REJECTED. */
  isOverLimit: boolean;
  /** An Outcome; empty if the connection to the waiter failed. */
  outcome: string;
  /** Connections to the waiter that failed before, in this request. */
  failures: number;
  /** ms since the signal, and $offload_timeout in ms. */
  waited: number;
  timeout: number;
  /** 0 to 1. */
  random: number;
}

/** `answer`: end the request. `again`: the next attempt, in @offload_again, after a pause in ms. */
export type FaultAction =
  | { do: 'answer'; status: 502 | 504 }
  | { do: 'reject'; isCancelled: boolean }
  | { do: 'again'; pause: number };

/**
 * Pauses of 0.2, 1.6 and 12.8 s, each up to twice that by chance: connections that failed together are
 * not repeated together. nginx ends a request after 10 internal redirects; a pause takes two.
 */
const MOST_FAILURES = 3;
const FIRST_PAUSE_MS = 200;
const FACTOR = 8;

export function decideOnFault(fault: Fault): FaultAction {
  if (fault.isOverLimit) {
    return { do: 'reject', isCancelled: true };
  }
  switch (fault.outcome) {
    case 'timeout':
    case 'timeout_in_poll':
      return { do: 'answer', status: 504 };
    case 'refused':
      return { do: 'answer', status: 502 };
    case 'long_header':
      return { do: 'again', pause: 0 };
  }
  if (fault.failures >= MOST_FAILURES) {
    // a client that repeats its call may still get the job's result: no cancel
    return { do: 'reject', isCancelled: false };
  }
  const pause = FIRST_PAUSE_MS * FACTOR ** fault.failures * (1 + fault.random);
  return { do: 'again', pause: Math.min(pause, Math.max(fault.timeout - fault.waited, 0)) };
}
