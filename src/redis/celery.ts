/**
 * Celery's Redis result backend, as it is: a worker stores a task's state under a key and publishes it on a
 * channel of the same name.
 *
 * @see https://docs.celeryq.dev/en/stable/userguide/configuration.html#redis-backend-settings
 */

import { end, isUtf8, jsonAnswer, problem, type Step, type Way } from './answer';
import { LARGEST } from './ask';
import { membersOf, type Span } from './json';
import type { Large, Reply } from './resp';

/** @returns undefined: the task's state is not its last one */
export function readCelery(reply: Reply, way: Way): Step | undefined {
  const meta = metaOf(reply);
  return meta === undefined ? undefined : readMeta(meta, way);
}

export function largeOfCelery(large: Large): Step {
  return end('refused', `is ${large.length} bytes long: at most ${LARGEST} from Celery`);
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

function readMeta(meta: Buffer, way: Way): Step | undefined {
  const members = membersOf(meta, 0, meta.length, ['status', 'result', 'traceback']);
  const spans = members === undefined ? [] : members.spans;
  const status = spans[0];
  const result = spans[1];
  if (status === undefined || result === undefined || !isUtf8(meta)) {
    return end('refused', 'is no JSON of Celery: its result_serializer has to be json');
  }
  switch (textOf(meta, status)) {
    case '"SUCCESS"':
      return jsonAnswer(meta, result, way);
    case '"FAILURE"':
      return problem('The task failed', exceptionOf(meta, result, spans[2]), way);
    case '"REVOKED"':
      return problem('The task was revoked', exceptionOf(meta, result, spans[2]), way);
    default:
      return undefined;
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
