/**
 * The Redis waiter: js_filter of a private server in stream {}. Its client is @offload_redis, its upstream is
 * Redis: a request becomes commands, a reply becomes the response. In between nothing runs: a held client costs
 * its connections and a JavaScript VM.
 */

import { isListening } from '../app/socket.njs';
import { STEP_MS } from '../hop/due';
import type { Step } from './answer';
import answering from './answering.deferred';
import { ask } from './ask';
import { receive } from './decide';
import { readRequest } from './request';

declare global {
  /** In njs 0.7.8 and newer: njs-types lacks it. */
  interface NginxStreamSendOptions {
    from_upstream?: boolean;
  }
}

/** Characters: @offload_redis sends less. */
const LONGEST_HEAD = 32768;
/** Bytes of Redis before that: an error is shorter. */
const LONGEST_FIRST = 8192;

/** js_filter. */
export function wait(s: NginxStreamRequest): void {
  let head = '';
  // Redis speaks first if it refuses a client, and nothing that it says may pass as it is
  let first: Buffer | undefined;
  let end: ((step?: Step) => void) | undefined;
  s.on('downstream', (data) => {
    if (first === undefined) {
      first = data;
    } else if (first.length < LONGEST_FIRST) {
      first = Buffer.concat([first, data]);
    }
  });
  s.on('upstream', (data, flags) => {
    if (end === undefined) {
      const text = data.toString();
      head = head === '' ? text : head.concat(text);
      if (head.indexOf('\r\n\r\n') >= 0 || head.length > LONGEST_HEAD) {
        s.off('downstream');
        end = begin(s, head, first);
        head = '';
        first = undefined;
      }
    }
    if (flags.last && end !== undefined) {
      end();
    }
  });
}

/**
 * @param first what Redis has said before
 * @returns what to call without a step when the client is gone
 */
function begin(
  s: NginxStreamRequest,
  head: string,
  first: Buffer | undefined,
): (step?: Step) => void {
  const variables = s.variables;
  const wait = readRequest(head, Date.now(), variables.offload_redis_prefix || '');
  const hasErrors = variables.offload_redis_errors === 'on';
  const asked = ask(
    wait,
    variables.offload_redis_user || '',
    variables.offload_redis_password || '',
    variables.offload_redis_database || '0',
  );
  let isOver = false;
  let timeout: ReturnType<typeof setTimeout> | undefined;
  const after = (step?: Step): void => {
    if (step === undefined || step.do !== 'send') {
      isOver = true;
      // njs logs an error for a timer that is left
      if (timeout !== undefined) {
        clearTimeout(timeout);
        timeout = undefined;
      }
    }
    switch (step?.do) {
      case 'send':
        s.send(step.commands, { from_upstream: false, flush: true });
        break;
      case 'answer':
        if (step.left.length > 0) {
          s.error(answering().leftLineOf(wait.id, step.left));
        }
        if (step.isRest) {
          // nginx passes on what follows; else it is ignored, and @offload_redis ends the connection
          s.off('downstream');
        }
        s.send(step.head, { from_upstream: true });
        s.send(step.body, { from_upstream: true, flush: true });
        break;
      case 'end':
        if (step.reason !== '') {
          s.error(answering().lineOf(wait.id, step.outcome, step.reason));
        }
        s.send(answering().ended(step.outcome), { from_upstream: true, flush: true });
    }
  };
  /** @param left ms */
  const pass = (left: number): void => {
    const step = wait.isSentOn ? Math.min(left, STEP_MS) : left;
    timeout = setTimeout(() => {
      // a timer that runs is not cleared: QuickJS of njs 1.0.2 crashes
      timeout = undefined;
      if (left <= step) {
        after({ do: 'end', outcome: wait.end, reason: '' });
      } else if (isListening(variables.server_addr as string)) {
        pass(left - step);
      } else {
        after({ do: 'end', outcome: 'hop', reason: '' });
      }
    }, step);
  };
  const read = (data: Buffer, flags?: NginxStreamCallbackFlags): void => {
    let step: Step | undefined;
    try {
      step = isOver ? undefined : receive(wait, asked[1], data, answering, hasErrors);
    } catch (error) {
      step = answering().failed(error);
    }
    if (step !== undefined) {
      after(step);
    }
    if (flags?.last) {
      after();
    }
  };
  s.on('downstream', read);
  if (wait.refusal !== '') {
    after({ do: 'end', outcome: 'refused', reason: wait.refusal });
  } else if (wait.left === 0) {
    after({ do: 'end', outcome: wait.end, reason: '' });
  } else if (first !== undefined) {
    read(first);
  }
  if (!isOver) {
    pass(wait.left);
    s.send(asked[0], { from_upstream: false, flush: true });
  }
  return after;
}
