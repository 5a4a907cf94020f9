/**
 * One wait on Redis, from the request of @offload_redis to the answer: bytes in, the next step out. Pure:
 * handler.ts reads and writes.
 */

import { isRefusal } from '../shared/checked';
import { quoted } from '../shared/quoted';
import { AWAY, READY, refused, type Step, unavailable, WAIT } from './answer';
import { celery } from './celery';
import type { Request, Wanted } from './request';
import { command, type Decoder, decode, newDecoder, type Reply } from './resp';
import { rq } from './rq';
import type { Source, Way } from './source';
import { stream } from './stream';

/** Of nginx/redis/waiter.conf. */
export interface Settings {
  /** Empty: Redis's default user. */
  user: string;
  /** Empty: none is sent. */
  password: string;
  /** A number; pub/sub has none. */
  database: string;
  /** Before each key, such as Celery's global_keyprefix. */
  prefix: string;
  /** `on`: a failed task's exception and traceback are for the client. */
  errors: string;
}

export interface Session {
  decoder: Decoder;
  source: Source;
  key: string;
  way: Way;
  isProbe: boolean;
}

const SOURCES = { celery, stream, rq };

/** @param request that names a result, or a probe */
export function newSession(request: Request, settings: Settings): Session {
  const wanted = request.wanted;
  const isNamed = !isRefusal(wanted);
  const source = SOURCES[isNamed ? (wanted as Wanted).kind : 'stream'];
  return {
    decoder: newDecoder(source.largest),
    source,
    key: settings.prefix + source.prefix + (isNamed ? (wanted as Wanted).id : ''),
    way: { isAgain: request.isAgain, hasErrors: settings.errors === 'on' },
    isProbe: request.isProbe,
  };
}

/** @returns the first commands: RESP3, so that one connection can subscribe and read */
export function firstCommands(session: Session, settings: Settings): string {
  const hello = ['HELLO', '3'];
  if (settings.password !== '') {
    hello.push('AUTH', settings.user || 'default', settings.password);
  }
  const isDefault = settings.database === '' || settings.database === '0';
  return (
    command(hello) +
    (isDefault ? '' : command(['SELECT', settings.database])) +
    (session.isProbe ? command(['PING']) : session.source.ask(session.key, session.way))
  );
}

/** @param chunk from Redis */
export function receive(session: Session, chunk: Buffer): Step {
  const decoded = decode(session.decoder, chunk);
  for (let i = 0; i < decoded.replies.length; i++) {
    const step = afterReply(session, decoded.replies[i] as Reply);
    if (step.do !== 'wait') {
      return step;
    }
  }
  if (decoded.large !== undefined) {
    return session.source.large(decoded.large, session.way);
  }
  return decoded.isMalformed ? unavailable('what answers is no Redis') : WAIT;
}

function afterReply(session: Session, reply: Reply): Step {
  if (reply.type === '-' || reply.type === '!') {
    return afterError(String(reply.value));
  }
  if (session.isProbe) {
    return reply.value === 'PONG' ? READY : WAIT;
  }
  return session.source.read(reply, session.key, session.way);
}

/** @see https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors */
function afterError(error: string): Step {
  switch (error.split(' ')[0]) {
    case 'LOADING':
    case 'MASTERDOWN':
    case 'CLUSTERDOWN':
    case 'TRYAGAIN':
    case 'UNBLOCKED':
      return AWAY;
    case 'WRONGTYPE':
      return refused('is of another type in Redis');
    default:
      return unavailable(`it replied ${quoted(error)}`);
  }
}
