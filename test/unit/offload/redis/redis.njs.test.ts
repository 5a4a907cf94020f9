/** The session of a wait: what it sends and logs, and that nothing of it is left. */

import fs from 'node:fs';
import { STEP_MS } from '../../../../src/offload/hop/due';

type Listener = (data: Buffer, flags: { last: boolean }) => void;

const HEAD = 'GET /.offload/redis/wait HTTP/1.1\r\nX-Offload-Wait: 1,60s,,,a,,\r\n\r\n';
const READY = '%1\r\n$5\r\nproto\r\n:3\r\n>3\r\n$9\r\nsubscribe\r\n$1\r\na\r\n:1\r\n_\r\n';

/** What the handler uses of a session of nginx's js_filter. */
interface Session {
  variables: Record<string, string>;
  on(event: string, listener: Listener): void;
  off(event: string): void;
  send(data: string | Buffer, options: { from_upstream: boolean }): void;
  error(message: string): void;
}

/** A handler has the types of njs, which are not those of node. */
const { wait } = jest.requireActual<{ wait: (s: Session) => void }>(
  '../../../../src/offload/redis/redis.njs',
);

function begin() {
  const listeners = new Map<string, Listener>();
  const sent: string[] = [];
  const errors: string[] = [];
  wait({
    variables: { server_addr: 'unix:/run/nginx-offload/redis.sock' },
    on: (event: string, listener: Listener) => listeners.set(event, listener),
    off: (event: string) => listeners.delete(event),
    send: (data: string | Buffer, options: { from_upstream: boolean }) =>
      sent.push(`${options.from_upstream ? 'to nginx' : 'to Redis'}: ${data}`),
    error: (message: string) => errors.push(message),
  });
  const emit = (event: string, data: string | Buffer, last = false) =>
    listeners.get(event)?.(typeof data === 'string' ? Buffer.from(data) : data, { last });
  return { emit, sent, errors };
}

beforeEach(() => {
  jest.useFakeTimers({ now: 2_000 });
});
afterEach(() => {
  jest.useRealTimers();
  jest.restoreAllMocks();
});

test('commands, then the result, and nothing behind it', () => {
  const { emit, sent } = begin();
  emit('upstream', HEAD);
  expect(sent).toHaveLength(1);
  expect(sent[0]).toMatch(/^to Redis: .*HELLO.*SUBSCRIBE.*GET/s);
  const meta = '{"status": "SUCCESS", "result": 7}';
  emit('downstream', READY);
  const message = `>3\r\n$7\r\nmessage\r\n$1\r\na\r\n$${meta.length}\r\n${meta}\r\n`;
  emit('downstream', message);
  emit('downstream', message);
  expect(sent.slice(1)).toEqual([
    expect.stringMatching(/^to nginx: HTTP\/1.1 200 OK/),
    'to nginx: 7',
  ]);
  expect(jest.getTimerCount()).toBe(0);
});

test.each([
  ['the client leaves', 'upstream'],
  ['Redis ends the connection', 'downstream'],
])('%s: no timer is left, which njs would log as an error', (_, event) => {
  const { emit, sent } = begin();
  emit('upstream', HEAD);
  emit('downstream', READY);
  expect(jest.getTimerCount()).toBe(1);
  emit(event, '', true);
  expect(jest.getTimerCount()).toBe(0);
  expect(sent).toHaveLength(1);
});

test('the timeout ends the wait', () => {
  const { emit, sent } = begin();
  emit('upstream', HEAD);
  jest.advanceTimersByTime(60_000);
  expect(sent[1]).toMatch(/^to nginx: .*X-Accel-Redirect: @offload_fault.*: timeout/s);
});

describe('a client that is sent on', () => {
  const SENT_ON_AT = 19_200;
  const SENT_ON_HEAD = HEAD.replace('60s,,,', '60s,,20s;off;;1.000;0.000,');
  const sentOn = (outcome: string) =>
    expect.stringMatching(
      new RegExp(`^to nginx: .*X-Accel-Redirect: @offload_fault.*: ${outcome}\\r`, 's'),
    );
  /** ms since the signal, which came 1 s before the clock's begin. */
  const advanceTo = (ms: number) => jest.advanceTimersByTime(ms - (Date.now() - 1_000));

  /** The socket is there until it is gone. */
  function beginListening() {
    let isThere = true;
    const asked = jest.spyOn(fs, 'accessSync').mockImplementation(() => {
      if (!isThere) {
        throw new Error('ENOENT');
      }
    });
    const quit = () => {
      isThere = false;
    };
    return { ...begin(), asked, quit };
  }

  test('waits in steps, and is sent on in time', () => {
    const { emit, sent, asked } = beginListening();
    emit('upstream', SENT_ON_HEAD);
    emit('downstream', READY);
    advanceTo(SENT_ON_AT - 1);
    expect(sent).toHaveLength(1);
    expect(jest.getTimerCount()).toBe(1);
    advanceTo(SENT_ON_AT);
    expect(sent.slice(1)).toEqual([sentOn('hop')]);
    expect(jest.getTimerCount()).toBe(0);
    expect(asked).toHaveBeenCalledTimes(Math.floor((SENT_ON_AT - 1_000) / STEP_MS));
    expect(asked).toHaveBeenCalledWith('/run/nginx-offload/redis.sock');
  });

  test('is sent on behind the step in which nginx began to quit', () => {
    const { emit, sent, quit } = beginListening();
    emit('upstream', SENT_ON_HEAD);
    jest.advanceTimersByTime(3 * STEP_MS + 1);
    quit();
    jest.advanceTimersByTime(STEP_MS - 2);
    expect(sent).toHaveLength(1);
    jest.advanceTimersByTime(1);
    expect(sent.slice(1)).toEqual([sentOn('hop')]);
    expect(jest.getTimerCount()).toBe(0);
  });

  test('has its result in a quit, if that is sooner', () => {
    const { emit, sent, quit } = beginListening();
    emit('upstream', SENT_ON_HEAD);
    emit('downstream', READY);
    jest.advanceTimersByTime(STEP_MS + 1);
    quit();
    const meta = '{"status": "SUCCESS", "result": 7}';
    emit('downstream', `>3\r\n$7\r\nmessage\r\n$1\r\na\r\n$${meta.length}\r\n${meta}\r\n`);
    jest.advanceTimersByTime(60_000);
    expect(sent.slice(1)).toEqual([expect.stringMatching(/ 200 OK/), 'to nginx: 7']);
    expect(jest.getTimerCount()).toBe(0);
  });

  test('leaves: no timer is left, in any step', () => {
    for (const steps of [0, 1, 12]) {
      jest.setSystemTime(2_000);
      const { emit, sent } = beginListening();
      emit('upstream', SENT_ON_HEAD);
      jest.advanceTimersByTime(steps * STEP_MS + 1);
      emit('upstream', '', true);
      expect(jest.getTimerCount()).toBe(0);
      expect(sent).toHaveLength(1);
    }
  });

  test('has a timeout that is sooner', () => {
    const { emit, sent } = beginListening();
    emit('upstream', SENT_ON_HEAD.replace('60s', '19s'));
    advanceTo(19_000 - 1);
    expect(sent).toHaveLength(1);
    advanceTo(19_000);
    expect(sent.slice(1)).toEqual([sentOn('timeout')]);
  });

  test('is sent on at once if its time has passed, and Redis is not asked', () => {
    const { emit, sent } = beginListening();
    jest.setSystemTime(1_000 + SENT_ON_AT);
    emit('upstream', SENT_ON_HEAD);
    expect(sent).toEqual([sentOn('hop')]);
    expect(jest.getTimerCount()).toBe(0);
  });
});

test('a client that is not sent on is held in a quit: nobody looks for the socket', () => {
  const asked = jest.spyOn(fs, 'accessSync');
  const { emit, sent } = begin();
  emit('upstream', HEAD);
  jest.advanceTimersByTime(58_999);
  expect(sent).toHaveLength(1);
  expect(asked).not.toHaveBeenCalled();
  jest.advanceTimersByTime(1);
  expect(sent[1]).toMatch(/: timeout/);
});

test('an exception ends the wait: it is refused, with a line in the log', () => {
  const { emit, sent, errors } = begin();
  emit('upstream', HEAD);
  const broken = Buffer.from('x');
  Object.defineProperty(broken, 'length', {
    get: () => {
      throw new TypeError('unforeseen\n');
    },
  });
  emit('downstream', broken);
  expect(sent[1]).toMatch(/^to nginx: .*X-Accel-Redirect: @offload_fault.*: refused/s);
  expect(errors).toEqual([
    'offload: "a" has no result: it can\'t be read: "TypeError: unforeseen\\u000a"; the client gets a 502',
  ]);
  expect(jest.getTimerCount()).toBe(0);
});

test('Redis speaks first, without an end: only the beginning is kept', () => {
  const { emit, sent, errors } = begin();
  emit('downstream', '-ERR max number of clients reached\r\n');
  for (let i = 0; i < 10_000; i++) {
    emit('downstream', 'x'.repeat(1_000));
  }
  emit('upstream', HEAD);
  expect(errors).toEqual([
    'offload: Redis can\'t be used: it replied "ERR max number of clients reached"',
  ]);
  expect(sent).toEqual([expect.stringMatching(/^to nginx: .*: unavailable/s)]);
});
