/**
 * What a reply of Redis means for a wait: bytes in, the next step out. Pure: handler.ts reads and writes.
 */

import type { Step } from './answer';
import type { Answering } from './answering.deferred';
import { subscribeAndGet } from './ask';
import type { Wait } from './request';
import { type Decoder, decode } from './resp';

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
  let step: Step | undefined;
  decode(decoder, chunk, (decoded) => {
    wait.replies++;
    if (decoded !== 'malformed' && 'type' in decoded && decoded.type === '_') {
      // no result yet; after Redis was away it was read before it is subscribed to
      const isFirst = wait.kind === 'celery' && wait.isAgain && wait.replies === 1;
      step = isFirst ? { do: 'send', commands: subscribeAndGet(wait.key) } : undefined;
    } else {
      step = answering().read(wait, decoded, hasErrors);
    }
    return step === undefined;
  });
  return step;
}
