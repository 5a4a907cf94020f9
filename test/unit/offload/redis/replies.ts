/** Replies of Redis as they are decoded, and steps as text. */

import type { Step } from '../../../../src/offload/redis/answer';
import answering from '../../../../src/offload/redis/answering.deferred';
import type { Kind, Said, Wait } from '../../../../src/offload/redis/wait';

export const wait = (kind: Kind, more: Partial<Wait> = {}): Wait => ({
  kind,
  id: 'a',
  refusal: '',
  left: 1_000,
  end: 'timeout',
  isSentOn: false,
  isAgain: false,
  to: 'wait',
  key: 'key',
  replies: 1,
  spent: 0,
  ...more,
});

/** A step as text: the response, or why there is none. */
export const shown = (step: Step | undefined) => {
  if (step === undefined) {
    return 'no result yet';
  }
  switch (step.do) {
    case 'answer':
      return [
        ...step.head.split('\r\n').filter((line) => line !== '' && line !== 'Connection: close'),
        step.body,
      ].join(' | ');
    case 'end':
      return step.reason === '' ? step.outcome : `${step.outcome}: ${step.reason}`;
    default:
      return JSON.stringify(step.commands);
  }
};
export const read = (its: Wait, said: Said, hasErrors = false) =>
  shown(answering().read(its, said, hasErrors));

export const bytes = (text: string) => Buffer.from(text);
export const meta = (status: string, result: string, traceback = 'null') =>
  bytes(
    `{"status": "${status}", "result": ${result}, "traceback": ${traceback}, "children": [], "date_done": null, "task_id": "a"}`,
  );
export const got = (value: Buffer): Said => ({ type: 'string', bytes: value });
export const published = (value: Buffer): Said => ({ type: 'push', bytes: value });
