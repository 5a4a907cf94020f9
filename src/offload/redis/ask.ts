/** The commands that wait for a result, and that log in before. */

import { command, type Decoder, newDecoder } from './resp';
import type { Wait } from './wait';

/** Bytes of a result of Celery or RQ: it is read as a whole, which takes 0.1 s for each MB (QuickJS: 0.2 s). */
export const LARGEST = 4 * 1024 * 1024;
/** Bytes of a field in a stream that are read: nginx passes the rest of a longer body on. */
const READ = 16 * 1024;
/** A probe reads none: it asks only whether there is something. */
const NOTHING = -1;

/** The id before all entries of a stream. */
export const BEFORE_ALL = '0-0';

/** RESP3, so that one connection can subscribe and read. */
const HELLO = '*2\r\n$5\r\nHELLO\r\n$1\r\n3\r\n';

/**
 * A probe reads as the wait does: a server that answers PING may refuse that, as in a failover.
 *
 * @param user empty: Redis's default one
 * @param password empty: none
 * @param database a number; pub/sub has none
 * @returns the commands, and a decoder for the replies to them
 */
export function ask(
  wait: Wait,
  user: string,
  password: string,
  database: string,
): [commands: string, decoder: Decoder] {
  let commands =
    password === '' ? HELLO : command(['HELLO', '3', 'AUTH', user || 'default', password]);
  // replies that say nothing, unless they are errors
  let skipped = 1;
  if (database !== '0') {
    commands = commands.concat(command(['SELECT', database]));
    skipped++;
  }
  if (wait.kind !== 'celery') {
    commands = commands.concat(readStream(wait, BEFORE_ALL));
  } else if (wait.isAgain || wait.to === 'probe') {
    // A reply of more than 32 MB to a connection that has subscribed ends it (client-output-buffer-limit
    // pubsub), so a wait that was interrupted reads first.
    commands = commands.concat(command(['GET', wait.key]));
  } else {
    commands = commands.concat(subscribeAndGet(wait.key));
    skipped++;
  }
  const largest = wait.to === 'probe' ? NOTHING : wait.kind === 'stream' ? READ : LARGEST;
  return [commands, newDecoder(largest, skipped)];
}

/** Subscribed first: what is published between the two is not missed. */
export function subscribeAndGet(key: string): string {
  const length = String(Buffer.byteLength(key));
  return '*2\r\n$9\r\nSUBSCRIBE\r\n$'.concat(
    length,
    '\r\n',
    key,
    '\r\n*2\r\n$3\r\nGET\r\n$',
    length,
    '\r\n',
    key,
    '\r\n',
  );
}

/**
 * Waits for an entry behind the given one, or (a probe) has what is there. It is not consumed by being read: a client
 * that comes again finds it. Of a stream the first entry is the result; of a job of RQ the last one, of the few that
 * RQ keeps.
 */
export function readStream(wait: Wait, id: string): string {
  const count = wait.kind === 'rq' ? [] : ['COUNT', '1'];
  const block = wait.to === 'probe' ? [] : ['BLOCK', '0'];
  return command(['XREAD'].concat(count, block, ['STREAMS', wait.key, id]));
}
