/**
 * What a reply of Redis means for a wait: bytes in, the next step out. Pure: redis.njs.ts reads and writes.
 */

import type { Step } from './answer';
import { LARGEST, subscribeAndGet } from './ask';
import { type Decoder, next } from './resp';
import type { Answering, Wait } from './wait';

/**
 * Bytes that messages without a result may cost, in a VM that frees nothing before its end: then the attempt ends,
 * and the next one, with a VM of its own, subscribes and reads.
 */
const BUDGET = 192 * 1024;
/** What a piece costs besides its bytes, which nginx copies: it reads up to 1 KB (redis/waiter.conf). */
const PIECE = 400;
/** What a message costs that was read to see that it is no result, besides each of its bytes twice. */
const READ = 4096;

/** Bytes that are received before there is a result, or a state that is none. */
const MOST = 4 * LARGEST;

/**
 * @param chunk from Redis
 * @param answering what reads replies that have something to say, which most of a wait is without
 * @param hasErrors whether a failed task's exception and traceback are for the client
 * @returns undefined as long as there is no result
 */
export function receive(
  wait: Wait,
  decoder: Decoder,
  chunk: Buffer,
  answering: () => Answering,
  hasErrors: boolean,
): Step | undefined {
  wait.spent += chunk.length + PIECE;
  decoder.at = 0;
  for (;;) {
    const decoded = next(decoder, chunk);
    if (decoded === undefined) {
      return wait.spent > MOST
        ? { do: 'end', outcome: 'refused', reason: `comes with more than ${MOST} bytes of replies` }
        : undefined;
    }
    wait.replies++;
    let step: Step | undefined;
    if (decoded !== 'nothing') {
      wait.answering = wait.answering || answering();
      step = wait.answering.read(wait, decoded, hasErrors);
      wait.spent +=
        READ + (typeof decoded === 'object' && 'bytes' in decoded ? 2 * decoded.bytes.length : 0);
    }
    if (step === undefined || step.do === 'send') {
      step = withoutResult(wait, step);
    }
    if (step !== undefined) {
      return step;
    }
  }
}

/** @param step what the reply asks for */
function withoutResult(wait: Wait, step: Step | undefined): Step | undefined {
  if (wait.to === 'probe') {
    return { do: 'end', outcome: 'ready', reason: '' };
  }
  const isInterrupted = wait.kind === 'celery' && wait.isAgain;
  // of an interrupted wait GET, SUBSCRIBE and GET
  if (wait.replies <= (isInterrupted ? 3 : 1)) {
    wait.spent = 0;
  } else if (wait.spent > BUDGET) {
    return { do: 'end', outcome: 'talkative', reason: '' };
  }
  // after Redis was away it was read before it is subscribed to
  return isInterrupted && wait.replies === 1
    ? { do: 'send', commands: subscribeAndGet(wait.key) }
    : step;
}
