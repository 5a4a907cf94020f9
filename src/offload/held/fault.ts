/**
 * What @offload_fault in the public server does with a held request, by what every way of waiting says
 * of an attempt. Pure: held.njs.ts reads and acts.
 */

import type { Way } from './ways';

/**
 * What a way of waiting says to @offload_fault (src/shared/told.ts), with a 504 or (Redis) X-Accel-Redirect:
 * `timeout`: the client's timeout passed, and this attempt made no poll. `timeout_in_poll`: it passed
 * during a poll. `refused`: the signal, a Location or what Redis has can't be used. `long_header`: the header of
 * the result needs larger buffers. `hop`: the client is to be sent on; when the next poll is due follows. Of Redis
 * alone: `away`: it is not ready. `unavailable`: it refuses this
 * client. `ready`: it is there again. `found`: the result is there, with a long header or a status that the way to
 * it would repeat. `talkative`: the task publishes so much that the memory for it is used up; another attempt has its
 * own.
 */
export type Outcome =
  | 'timeout'
  | 'timeout_in_poll'
  | 'refused'
  | 'long_header'
  | 'hop'
  | 'away'
  | 'unavailable'
  | 'ready'
  | 'found'
  | 'talkative';

export function isTimeout(outcome: string): boolean {
  return outcome === 'timeout' || outcome === 'timeout_in_poll';
}

export interface Fault {
  /** $limit_conn_status is REJECTED. */
  isOverLimit: boolean;
  /** Whether the client has brought a token, which is valid still: it may come again. */
  isBack: boolean;
  way: Way;
  /** Whether the client can ask for the job itself: no wait ends with less than a 202. */
  isPublic: boolean;
  /** Whether it is sent on before nginx has to end its request, which is so in a quit. */
  isSentOn: boolean;
  isQuit: boolean;
  /** $offload_continue is on, so that the waiter has cancelled nothing at the timeout; and whether there is a key. */
  continues: boolean;
  canContinue: boolean;
  /** Whether the signal names a path to poll. */
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
 * `answer`: end the request. `accept`: a 202 that says where the job is, which goes on. `send on`: a 303, or a 202, to
 * where the client waits on. `again`: the next attempt, in a location, after a pause in ms; `isReplaced`: the app is
 * polled from now on. `reject`: a 503 with Retry-After. `mustCancel`: tell the app first.
 */
export type FaultAction =
  | { do: 'answer'; status: 502 | 504; mustCancel: boolean }
  | { do: 'accept' }
  | { do: 'send on'; status: 202 | 303 }
  | { do: 'reject'; mustCancel: boolean }
  | { do: 'again'; at: string; isReplaced: boolean; pause: number };

/** Up to as much again is added by chance: connections that failed together are not repeated together. */
const FIRST_PAUSE_MS = 200;

/** Where a client is polled for whose way has failed. */
const POLL_AGAIN = '@offload_again';

export function decideOnFault(fault: Fault): FaultAction {
  const action = decide(fault);
  const isOver = action.do !== 'again' && action.do !== 'send on';
  return fault.isPublic && isOver ? { do: 'accept' } : action;
}

function decide(fault: Fault): FaultAction {
  const way = fault.way;
  if (fault.isOverLimit) {
    return { do: 'reject', mustCancel: !fault.isBack };
  }
  switch (fault.outcome) {
    case 'hop':
      return { do: 'send on', status: 303 };
    case 'timeout':
    case 'timeout_in_poll':
      return fault.continues && fault.canContinue && !fault.isPublic
        ? { do: 'send on', status: 202 }
        : { do: 'answer', status: 504, mustCancel: !way.hasCancelled || fault.continues };
    case 'refused':
      return { do: 'answer', status: 502, mustCancel: !way.hasCancelled };
    case 'long_header':
      return { do: 'again', at: way.afterLongHeader, isReplaced: false, pause: 0 };
  }
  if (fault.isSentOn && fault.isQuit) {
    return { do: 'send on', status: 303 };
  }
  if (way.isReplaced && fault.canPoll) {
    return { do: 'again', at: POLL_AGAIN, isReplaced: true, pause: 0 };
  }
  if (fault.outcome === 'unavailable' || !fault.isListening || fault.failures >= way.mostFailures) {
    // a client that repeats its call may still get the job's result: no cancel
    return { do: 'reject', mustCancel: false };
  }
  const pause = FIRST_PAUSE_MS * way.factor ** fault.failures * (1 + fault.random);
  return {
    do: 'again',
    at: fault.failures === 0 ? way.afterFirst : way.afterOthers,
    isReplaced: false,
    pause: Math.min(pause, Math.max(fault.timeout - fault.waited, 0)),
  };
}
