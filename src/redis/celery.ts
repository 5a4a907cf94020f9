/**
 * Celery's Redis result backend, as it is: a worker stores a task's state under a key and publishes it on a
 * channel of the same name.
 *
 * @see https://docs.celeryq.dev/en/stable/userguide/configuration.html#redis-backend-settings
 */

import { isUtf8, jsonAnswer, problem, refused, type Step, WAIT } from './answer';
import { membersOf, type Span } from './json';
import { command, type Reply } from './resp';
import type { Source, Way } from './source';

/** Bytes. A result is read as a whole, which takes 0.1 s for each MB (QuickJS: 0.2 s). */
export const LARGEST = 4 * 1024 * 1024;

export const celery: Source = {
  largest: LARGEST,
  prefix: 'celery-task-meta-',

  /**
   * Subscribed first: what is published between the two is not missed. A reply of more than 32 MB to a
   * connection that has subscribed ends it (client-output-buffer-limit pubsub), so a wait that was
   * interrupted reads first.
   */
  ask: (key, way) =>
    way.isAgain
      ? { commands: command(['GET', key]), skipped: 0 }
      : { commands: subscribeAndGet(key), skipped: 1 },

  read: (reply, key, way) => {
    if (reply.type === '_') {
      return way.isAgain && way.replies === 1
        ? { do: 'send', commands: subscribeAndGet(key) }
        : WAIT;
    }
    const meta = metaOf(reply);
    return meta === undefined ? WAIT : readMeta(meta, way);
  },

  large: (large) => refused(`is ${large.length} bytes long: at most ${LARGEST} from Celery`),
};

function subscribeAndGet(key: string): string {
  return command(['SUBSCRIBE', key]) + command(['GET', key]);
}

/** @returns what GET replied, or what was published; undefined for any other reply */
function metaOf(reply: Reply): Buffer | undefined {
  if (reply.type === '$') {
    return reply.value as Buffer;
  }
  const push = reply.value as Buffer[];
  return reply.type === '>' && push.length === 3 && String(push[0]) === 'message'
    ? push[2]
    : undefined;
}

function readMeta(meta: Buffer, way: Way): Step {
  const members = membersOf(meta, 0, meta.length, ['status', 'result', 'traceback']);
  const spans = members === undefined ? [] : members.spans;
  const status = spans[0];
  const result = spans[1];
  if (status === undefined || result === undefined || !isUtf8(meta)) {
    return refused('is no JSON of Celery: its result_serializer has to be json');
  }
  switch (textOf(meta, status)) {
    case '"SUCCESS"':
      return jsonAnswer(meta, result, way);
    case '"FAILURE"':
      return problem('The task failed', exceptionOf(meta, result, spans[2]), way);
    case '"REVOKED"':
      return problem('The task was revoked', exceptionOf(meta, result, spans[2]), way);
    default:
      return WAIT;
  }
}

/** Members of a problem document: both values are JSON already. */
function exceptionOf(meta: Buffer, result: Span, traceback: Span | undefined): string {
  const trace = traceback === undefined ? 'null' : textOf(meta, traceback);
  return `,"exception":${textOf(meta, result)},"traceback":${trace}`;
}

function textOf(meta: Buffer, span: Span): string {
  return meta.toString('utf8', span.start, span.end);
}
