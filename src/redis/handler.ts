/**
 * The Redis waiter: js_filter of a private server in stream {}. Its client is @offload_redis, its upstream is
 * Redis: a request becomes commands, a reply becomes the response. In between nothing runs: a held client costs
 * its connections and a JavaScript VM.
 */

import { quoted } from '../shared/quoted';
import { type End, ended, refused, type Step } from './answer';
import { newSession, receive, type Session, type Settings } from './decide';
import { readRequest } from './request';

declare global {
  /** Of njs 0.7.8 and newer: njs-types lacks it. */
  interface NginxStreamSendOptions {
    from_upstream?: boolean;
  }
}

/** Characters: @offload_redis sends less. */
const LONGEST_HEAD = 32768;

/** One wait. */
interface Held {
  s: NginxStreamRequest;
  /** Of the request, as it comes. */
  head: string;
  /** Undefined before the request is read, and once it is answered. */
  session: Session | undefined;
  /** The id, for the log. */
  id: string;
  timeout: ReturnType<typeof setTimeout> | undefined;
}

/** js_filter. */
export function wait(s: NginxStreamRequest): void {
  const held: Held = { s, head: '', session: undefined, id: '', timeout: undefined };
  s.on('upstream', (data) => {
    held.head += data.toString();
    if (held.head.indexOf('\r\n\r\n') >= 0) {
      s.off('upstream');
      begin(held);
    } else if (held.head.length > LONGEST_HEAD) {
      act(held, refused('is requested by a header that is too long'));
    }
  });
  s.on('downstream', (data) => {
    if (held.session !== undefined) {
      act(held, receive(held.session, data));
    }
  });
}

function begin(held: Held): void {
  const request = readRequest(held.head, Date.now());
  held.head = '';
  held.id = request.id;
  if (request.refusal !== '') {
    act(held, refused(request.refusal));
    return;
  }
  if (request.left === 0) {
    act(held, TIMEOUT);
    return;
  }
  held.session = newSession(request, readSettings(held.s));
  held.timeout = setTimeout(() => {
    // QuickJS of njs 1.0.2 crashes if a timer that runs is cleared
    held.timeout = undefined;
    act(held, TIMEOUT);
  }, request.left);
  toRedis(held, held.session.commands);
}

const TIMEOUT: End = { do: 'end', outcome: 'timeout', reason: '' };

function readSettings(s: NginxStreamRequest): Settings {
  const variables = s.variables;
  return {
    user: variables.offload_redis_user || '',
    password: variables.offload_redis_password || '',
    database: variables.offload_redis_database || '',
    prefix: variables.offload_redis_prefix || '',
    errors: variables.offload_redis_errors || '',
  };
}

function act(held: Held, step: Step): void {
  switch (step.do) {
    case 'wait':
      return;
    case 'send':
      toRedis(held, step.commands);
      return;
    case 'answer':
      answered(held, step.head, step.body, step.isRest);
      return;
    case 'end':
      if (step.reason !== '') {
        held.s.error(
          step.outcome === 'refused'
            ? `offload: ${quoted(held.id)} has no result: it ${step.reason}; the client gets a 502`
            : `offload: Redis can't be used: ${step.reason}`,
        );
      }
      answered(held, ended(step.outcome), Buffer.from(''), false);
  }
}

/** @param isRest nginx passes on what follows; else it is ignored, and @offload_redis ends the connection */
function answered(held: Held, head: string, body: Buffer, isRest: boolean): void {
  if (held.timeout !== undefined) {
    clearTimeout(held.timeout);
  }
  held.session = undefined;
  if (isRest) {
    held.s.off('downstream');
  }
  held.s.send(head, { from_upstream: true, flush: body.length === 0 });
  if (body.length > 0) {
    held.s.send(body, { from_upstream: true, flush: true });
  }
}

function toRedis(held: Held, commands: string): void {
  held.s.send(commands, { from_upstream: false, flush: true });
}
