/**
 * One wait on Redis, from the request of @offload_redis to the answer: bytes in, the next step out. Pure:
 * handler.ts reads and writes.
 */

import { quoted } from '../shared/quoted';
import { AWAY, READY, refused, type Step, unavailable, WAIT } from './answer';
import { celery } from './celery';
import type { Request } from './request';
import { command, type Decoded, type Decoder, newDecoder, next, type Reply } from './resp';
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
  /** RESP3, so that one connection can subscribe and read. */
  commands: string;
  decoder: Decoder;
  source: Source;
  key: string;
  way: Way;
  isProbe: boolean;
}

/** @param request that names a result, or a probe */
export function newSession(request: Request, settings: Settings): Session {
  const kind = request.kind;
  const source = kind === 'celery' ? celery : kind === 'stream' ? stream : rq;
  const key = settings.prefix + source.prefix + request.id;
  const way = { isAgain: request.isAgain, hasErrors: settings.errors === 'on', replies: 0 };
  const asked = request.isProbe
    ? { commands: command(['PING']), skipped: 0 }
    : source.ask(key, way);
  const isDefault = settings.database === '' || settings.database === '0';
  return {
    commands:
      command(
        settings.password === ''
          ? ['HELLO', '3']
          : ['HELLO', '3', 'AUTH', settings.user || 'default', settings.password],
      ) +
      (isDefault ? '' : command(['SELECT', settings.database])) +
      asked.commands,
    decoder: newDecoder(source.largest, asked.skipped + (isDefault ? 1 : 2)),
    source,
    key,
    way,
    isProbe: request.isProbe,
  };
}

/** @param chunk from Redis */
export function receive(session: Session, chunk: Buffer): Step {
  session.decoder.chunk = chunk;
  session.decoder.at = 0;
  let step = WAIT;
  while (step.do === 'wait') {
    const decoded = next(session.decoder);
    if (decoded === undefined) {
      return WAIT;
    }
    step = after(session, decoded);
  }
  return step;
}

function after(session: Session, decoded: Decoded): Step {
  if (decoded === 'malformed') {
    return unavailable('what answers is no Redis');
  }
  if ('length' in decoded) {
    return session.source.large(decoded, session.way);
  }
  session.way.replies++;
  if (decoded.type === '-' || decoded.type === '!') {
    return afterError(String(decoded.value));
  }
  return session.isProbe
    ? afterPing(decoded)
    : session.source.read(decoded, session.key, session.way);
}

function afterPing(reply: Reply): Step {
  return reply.value === 'PONG' ? READY : WAIT;
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
