/**
 * RQ's results, as they are: a worker adds each to the stream of its job. The return value is in base64, by the
 * job's serializer: JSONSerializer can be read, and pickle, the default, can't.
 *
 * @see https://python-rq.org/docs/results/
 */

import { type AnswerOptions, end, isUtf8, problem, type Step } from './answer';
import { LARGEST, readStream } from './ask';
import { jsonAnswer } from './described';
import type { Entry, Large } from './resp';
import type { Wait } from './wait';

const SUCCESSFUL = '1';
const FAILED = '2';
const STOPPED = '3';
const RETRIED = '4';

/** @param entry the last one, as RQ does: a job that ran again has several */
export function readRq(entry: Entry, wait: Wait, options: AnswerOptions): Step {
  const fields = entry.fields;
  switch (fieldOf(fields, 'type')) {
    case SUCCESSFUL:
      return returned(fieldOf(fields, 'return_value'), options);
    case FAILED:
      return problem('The job failed', '', options);
    case STOPPED:
      return problem('The job was stopped', '', options);
    case RETRIED:
      return { do: 'send', commands: readStream(wait, entry.id) };
    default:
      return end('refused', 'has a type that RQ does not have');
  }
}

export function largeOfRq(large: Large): Step {
  return end('refused', `is ${large.length} bytes long: at most ${LARGEST} from RQ`);
}

/** @param base64 empty: the job returned None */
function returned(base64: string, options: AnswerOptions): Step {
  const value = base64 === '' ? Buffer.from('null') : Buffer.from(base64, 'base64');
  return isUtf8(value)
    ? jsonAnswer(value, { start: 0, end: value.length }, options)
    : end(
        'refused',
        'is no JSON: RQ pickles unless its serializer is rq.serializers.JSONSerializer',
      );
}

function fieldOf(fields: Buffer[], name: string): string {
  for (let i = 0; i + 1 < fields.length; i += 2) {
    if (String(fields[i]) === name) {
      return String(fields[i + 1]);
    }
  }
  return '';
}
