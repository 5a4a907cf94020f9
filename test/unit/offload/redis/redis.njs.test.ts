/** The session of a wait: what it sends and logs, and that nothing of it is left. */

type Listener = (data: Buffer, flags: { last: boolean }) => void;

const HEAD = 'GET /.offload/redis/wait HTTP/1.1\r\nX-Offload-Wait: 1,60s,,a,,\r\n\r\n';
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
    variables: {},
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
