/**
 * The Redis waiter: js_filter of a private server in stream {}. Its client is @offload_redis, its upstream is
 * Redis: a request becomes commands, a reply becomes the response. In between nothing runs: a held client costs
 * its connections and a JavaScript VM.
 */

import { isRefusal } from '../shared/checked';
import { quoted } from '../shared/quoted';
import { type End, ended, refused, type Step } from './answer';
import { firstCommands, newSession, receive, type Session, type Settings } from './decide';
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
  /** As the app wrote it, for the log. */
  signal: string;
  session: Session | undefined;
  timeout: ReturnType<typeof setTimeout> | undefined;
}

/** js_filter. */
export function wait(s: NginxStreamRequest): void {
  const held: Held = { s, head: '', signal: '', session: undefined, timeout: undefined };
  s.on('upstream', (data) => {
    if (held.session === undefined) {
      begin(held, data);
    }
  });
  s.on('downstream', (data) => {
    if (held.session !== undefined) {
      act(held, receive(held.session, data));
    }
  });
}

function begin(held: Held, data: Buffer): void {
  held.head += data.toString();
  if (held.head.indexOf('\r\n\r\n') < 0) {
    if (held.head.length > LONGEST_HEAD) {
      act(held, refused('has a request that is too long'));
    }
    return;
  }
  const request = readRequest(held.head, Date.now());
  const settings = readSettings(held.s);
  held.head = '';
  held.signal = request.signal;
  held.session = newSession(request, settings);
  if (isRefusal(request.wanted)) {
    act(held, refused(request.wanted));
    return;
  }
  if (request.left === 0) {
    act(held, TIMEOUT);
    return;
  }
  held.timeout = setTimeout(() => act(held, TIMEOUT), request.left);
  toRedis(held, firstCommands(held.session, settings));
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
            ? `offload: ${quoted(held.signal)} has no result: it ${step.reason}; the client gets a 502`
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
