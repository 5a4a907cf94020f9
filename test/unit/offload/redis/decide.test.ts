/** A wait on Redis, from its commands to the result. */

import answering from '../../../../src/offload/redis/answering.deferred';
import { ask } from '../../../../src/offload/redis/ask';
import { receive } from '../../../../src/offload/redis/decide';
import { readRequest } from '../../../../src/offload/redis/request';
import type { Kind, Wait } from '../../../../src/offload/redis/wait';

const request = (kind: Kind, fault = '', path = 'wait'): Wait => {
  const ids = ['celery', 'stream', 'rq'].map((each) => (each === kind ? 'a' : '')).join();
  const head = `GET /.offload/redis/${path} HTTP/1.1\r\nX-Offload-Wait: 1,60s,${fault},,${ids}\r\n\r\n`;
  return readRequest(head, 1_000, '');
};

/** Words of commands, a command on a line. */
const words = (commands: string) =>
  commands
    .replace(/\*\d+\r\n/g, '\n')
    .replace(/\$\d+\r\n/g, '')
    .replace(/\r\n/g, ' ')
    .trim()
    .split(' \n');

const begin = (wait: Wait, user = '', password = '', database = '0') => {
  const [commands, decoder] = ask(wait, user, password, database);
  const reply = (text: string) => receive(wait, decoder, Buffer.from(text), answering, false);
  /** As often as there is no step, in pieces as nginx reads them. @returns how often, and the step */
  const replies = (text: string, most: number) => {
    for (let count = 1; count <= most; count++) {
      for (let at = 0; at < text.length; at += 1024) {
        const step = reply(text.slice(at, at + 1024));
        if (step !== undefined) {
          return { count, step };
        }
      }
    }
    return { count: most, step: undefined };
  };
  return { commands: words(commands), reply, replies };
};

const HELLO = '%1\r\n$5\r\nproto\r\n:3\r\n';
const SUBSCRIBED = '>3\r\n$9\r\nsubscribe\r\n$18\r\ncelery-task-meta-a\r\n:1\r\n';
const META = '{"status":"SUCCESS","result":7}';
const stored = (text: string) => `$${text.length}\r\n${text}\r\n`;
const GOT = stored(META);
const publish = (text: string) =>
  `>3\r\n$7\r\nmessage\r\n$18\r\ncelery-task-meta-a\r\n${stored(text)}`;
const PUBLISHED = publish(META);
const SEVEN = { do: 'answer', body: Buffer.from('7') };

test('Celery: subscribed before it is read, so that nothing between the two is missed', () => {
  const { commands, reply } = begin(request('celery'));
  expect(commands).toEqual(['HELLO 3', 'SUBSCRIBE celery-task-meta-a', 'GET celery-task-meta-a']);
  expect(reply(`${HELLO}${SUBSCRIBED}_\r\n`)).toBeUndefined();
  expect(reply(PUBLISHED)).toMatchObject(SEVEN);
});

test('Celery: a result that is published before GET is answered, and one that was stored', () => {
  expect(begin(request('celery')).reply(`${HELLO}${SUBSCRIBED}${PUBLISHED}`)).toMatchObject(SEVEN);
  expect(begin(request('celery')).reply(`${HELLO}${SUBSCRIBED}${GOT}`)).toMatchObject(SEVEN);
});

const STATES: [name: string, reply: string][] = [
  ['nothing', '_\r\n'],
  ...['STARTED', 'RETRY', 'PENDING', 'RECEIVED', 'PROGRESS', 'own state'].map(
    (status): [string, string] => [
      status,
      stored(`{"status": "${status}", "result": null, "traceback": null}`),
    ],
  ),
  ['a state in another order', stored('{"result":{},"status":"STARTED"}')],
];

test.each(STATES)(
  'Celery, after Redis was away: %s is read first, then it is subscribed to and read again',
  (_, state) => {
    const { commands, reply } = begin(request('celery', '1'));
    expect(commands).toEqual(['HELLO 3', 'GET celery-task-meta-a']);
    const step = reply(`${HELLO}${state}`);
    expect(words((step as { commands: string }).commands)).toEqual([
      'SUBSCRIBE celery-task-meta-a',
      'GET celery-task-meta-a',
    ]);
    expect(reply(`${SUBSCRIBED}${state}`)).toBeUndefined();
    expect(reply(publish('{"status": "RETRY", "result": null}'))).toBeUndefined();
    expect(reply(PUBLISHED)).toMatchObject(SEVEN);
  },
);

test('Celery, after Redis was away: a result that came meanwhile, before and after the subscription', () => {
  expect(begin(request('celery', '1')).reply(`${HELLO}${GOT}`)).toMatchObject(SEVEN);
  const { reply } = begin(request('celery', '1'));
  reply(`${HELLO}_\r\n`);
  expect(reply(`${SUBSCRIBED}${GOT}`)).toMatchObject(SEVEN);
});

describe('messages without a result', () => {
  const progress = (length: number) =>
    publish(`{"status": "PROGRESS", "result": "${'x'.repeat(length)}", "traceback": null}`);
  const TALKATIVE = { do: 'end', outcome: 'talkative', reason: '' };

  test.each([
    ['200 bytes', progress(100), 100, 1_000],
    ['3 KB', progress(3_000), 20, 100],
    ['200 bytes that begin otherwise', publish(`{"a":"${'x'.repeat(150)}","status":"B"}`), 20, 100],
  ])('of %s: the attempt ends when they have used up its memory', (_, message, least, most) => {
    for (const fault of ['', '1']) {
      const { reply, replies } = begin(request('celery', fault));
      reply(fault === '' ? `${HELLO}${SUBSCRIBED}_\r\n` : `${HELLO}_\r\n`);
      if (fault !== '') {
        reply(`${SUBSCRIBED}_\r\n`);
      }
      const { count, step } = replies(message, 10_000);
      expect(step).toEqual(TALKATIVE);
      expect(count).toBeGreaterThan(least);
      expect(count).toBeLessThan(most);
    }
  });

  test('a large state is read by each attempt, which ends by messages alone', () => {
    const large = `{"status": "PROGRESS", "result": "${'x'.repeat(1_000_000)}"}`;
    const { reply, replies } = begin(request('celery'));
    reply(`${HELLO}${SUBSCRIBED}`);
    expect(replies(stored(large), 1).step).toBeUndefined();
    expect(replies(progress(100), 100).step).toBeUndefined();
  });

  test('a result is read whatever came before', () => {
    const { reply, replies } = begin(request('celery'));
    reply(`${HELLO}${SUBSCRIBED}_\r\n`);
    replies(progress(100), 100);
    expect(reply(PUBLISHED)).toMatchObject(SEVEN);
  });
});

test('RQ: retries without an end', () => {
  const entry = '*2\r\n$3\r\n1-1\r\n*2\r\n$4\r\ntype\r\n$1\r\n4\r\n';
  const { reply } = begin(request('rq'));
  reply(HELLO);
  let step = reply(`%1\r\n$1\r\na\r\n*1\r\n${entry}`);
  let count = 0;
  while (step?.do === 'send' && count < 10_000) {
    step = reply(`%1\r\n$1\r\na\r\n*1\r\n${entry}`);
    count++;
  }
  expect(step).toMatchObject({ outcome: 'talkative' });
  expect(count).toBeGreaterThan(10);
});

test('replies without an end are refused', () => {
  for (const endless of [`${HELLO}$1000000000000\r\n`, '+', '%100000000\r\n']) {
    const { reply, replies } = begin(request('rq'));
    reply(endless);
    expect(replies('x'.repeat(1024), 100_000).step?.do).toBe('end');
  }
});

test.each([
  ['stream', 'offload:a'],
  ['rq', 'rq:results:a'],
] as [Kind, string][])('%s: an entry is waited for', (kind, key) => {
  const count = kind === 'stream' ? ' COUNT 1' : '';
  expect(begin(request(kind)).commands).toEqual([
    'HELLO 3',
    `XREAD${count} BLOCK 0 STREAMS ${key} 0-0`,
  ]);
});

test('a log-in, and a database', () => {
  const { commands, reply } = begin(request('celery'), 'nginx', 'pass', '2');
  expect(commands.slice(0, 2)).toEqual(['HELLO 3 AUTH nginx pass', 'SELECT 2']);
  expect(reply(`${HELLO}+OK\r\n${SUBSCRIBED}_\r\n`)).toBeUndefined();
  expect(reply(PUBLISHED)).toMatchObject(SEVEN);
  expect(begin(request('celery'), '', 'pass').commands[0]).toBe('HELLO 3 AUTH default pass');
});

test('a password and a prefix that are not ASCII: their length is that of their bytes', () => {
  const [commands] = ask(request('stream'), '', 'pässword€', '0');
  expect(commands).toContain('$12\r\npässword€\r\n');
  const prefixed = readRequest(
    'GET / HTTP/1.1\r\nX-Offload-Wait: 1,60s,,,a,,\r\n\r\n',
    1_000,
    'é:',
  );
  expect(ask(prefixed, '', '', '0')[0].match(/\$21\r\né:celery-task-meta-a\r\n/g)).toHaveLength(2);
});

test('a log-in that is refused', () => {
  const { reply } = begin(request('celery'), '', 'wrong');
  expect(reply('-WRONGPASS invalid username-password pair\r\n')).toMatchObject({
    outcome: 'unavailable',
  });
});

test.each([
  [
    'celery',
    'GET celery-task-meta-a',
    [GOT, '_\r\n', stored('{"status": "STARTED", "result": null}'), '$600000000\r\n{'],
  ],
  [
    'stream',
    'XREAD COUNT 1 STREAMS offload:a 0-0',
    ['_\r\n', '%1\r\n$1\r\na\r\n*1\r\n*2\r\n$3\r\n1-1\r\n'],
  ],
  ['rq', 'XREAD STREAMS rq:results:a 0-0', ['_\r\n', '%1\r\n$1\r\na\r\n*1\r\n*2\r\n$3\r\n1-1\r\n']],
] as [Kind, string, string[]][])(
  'a probe of %s: whatever can be read, Redis is ready',
  (kind, asked, replies) => {
    const { commands } = begin(request(kind, '1', 'probe'));
    expect(commands).toEqual(['HELLO 3', asked]);
    for (const each of replies) {
      expect(begin(request(kind, '1', 'probe')).reply(`${HELLO}${each}`)).toEqual({
        do: 'end',
        outcome: 'ready',
        reason: '',
      });
    }
    for (const error of ['LOADING', 'MASTERDOWN', 'CLUSTERDOWN']) {
      expect(begin(request(kind, '1', 'probe')).reply(`${HELLO}-${error} x\r\n`)).toMatchObject({
        outcome: 'away',
      });
    }
  },
);
