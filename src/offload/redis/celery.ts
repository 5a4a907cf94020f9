/**
 * Celery's Redis result backend, as it is: a worker stores a task's state under a key and publishes it on a
 * channel of the same name.
 *
 * @see https://docs.celeryq.dev/en/stable/userguide/configuration.html#redis-backend-settings
 */

import { type AnswerOptions, end, isUtf8, problem, type Step } from './answer';
import { LARGEST } from './ask';
import { jsonAnswer } from './described';
import { membersOf, type Span } from './json';
import type { Large } from './resp';

const SUCCESS = '"SUCCESS"';
const FAILURE = '"FAILURE"';
const REVOKED = '"REVOKED"';

export function largeOfCelery(large: Large): Step {
  return end('refused', `is ${large.length} bytes long: at most ${LARGEST} from Celery`);
}

/**
 * @param meta what GET replied, or what was published
 * @returns undefined: the task's state is not its last one
 */
export function readCelery(meta: Buffer, options: AnswerOptions): Step | undefined {
  const members = membersOf(meta, 0, meta.length, ['status', 'result', 'traceback']);
  const spans = members === undefined ? [] : members.spans;
  const status = textOf(meta, spans[0]);
  const isDone = status === SUCCESS || status === FAILURE || status === REVOKED;
  if (!isDone && status.charAt(0) === '"') {
    return undefined;
  }
  const result = spans[1];
  if (!isDone || result === undefined || !isUtf8(meta)) {
    return end('refused', 'is no JSON of Celery: its result_serializer has to be json');
  }
  return status === SUCCESS
    ? jsonAnswer(meta, result, options)
    : problem(
        status === FAILURE ? 'The task failed' : 'The task was revoked',
        exceptionOf(meta, result, spans[2]),
        options,
      );
}

/** Members of a problem document: both values are JSON already. */
function exceptionOf(meta: Buffer, result: Span, traceback: Span | undefined): string {
  return `,"exception":${textOf(meta, result)},"traceback":${textOf(meta, traceback) || 'null'}`;
}

function textOf(meta: Buffer, span: Span | undefined): string {
  return span === undefined ? '' : meta.toString('utf8', span.start, span.end);
}
