/** A wait on Redis, from its commands to the result. */

import answering from '../../../src/redis/answering.deferred';
import { ask } from '../../../src/redis/ask';
import { receive } from '../../../src/redis/decide';
import { type Kind, readRequest, type Wait } from '../../../src/redis/request';

const request = (kind: Kind, fault = '', path = 'wait'): Wait => {
  const ids = ['celery', 'stream', 'rq'].map((each) => (each === kind ? 'a' : '')).join();
  const head = `GET /.offload/redis/${path} HTTP/1.1\r\nX-Offload-Wait: 1,60s,${fault},${ids}\r\n\r\n`;
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
  return { commands: words(commands), reply };
};

const HELLO = '%1\r\n$5\r\nproto\r\n:3\r\n';
const SUBSCRIBED = '>3\r\n$9\r\nsubscribe\r\n$18\r\ncelery-task-meta-a\r\n:1\r\n';
const META = '{"status":"SUCCESS","result":7}';
const GOT = `$${META.length}\r\n${META}\r\n`;
const PUBLISHED = `>3\r\n$7\r\nmessage\r\n$18\r\ncelery-task-meta-a\r\n${GOT}`;
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

test('Celery, after Redis was away: read first, then subscribed to and read again', () => {
  const { commands, reply } = begin(request('celery', '1'));
  expect(commands).toEqual(['HELLO 3', 'GET celery-task-meta-a']);
  const step = reply(`${HELLO}_\r\n`);
  expect(words((step as { commands: string }).commands)).toEqual([
    'SUBSCRIBE celery-task-meta-a',
    'GET celery-task-meta-a',
  ]);
  expect(reply(`${SUBSCRIBED}_\r\n`)).toBeUndefined();
  expect(reply(PUBLISHED)).toMatchObject(SEVEN);
});

test.each([
  ['stream', 'offload:a'],
  ['rq', 'rq:results:a'],
] as [Kind, string][])('%s: an entry is waited for', (kind, key) => {
  expect(begin(request(kind)).commands).toEqual(['HELLO 3', `XREAD BLOCK 0 STREAMS ${key} 0-0`]);
});

test('a log-in, and a database', () => {
  const { commands, reply } = begin(request('celery'), 'nginx', 'pass', '2');
  expect(commands.slice(0, 2)).toEqual(['HELLO 3 AUTH nginx pass', 'SELECT 2']);
  expect(reply(`${HELLO}+OK\r\n${SUBSCRIBED}_\r\n`)).toBeUndefined();
  expect(reply(PUBLISHED)).toMatchObject(SEVEN);
  expect(begin(request('celery'), '', 'pass').commands[0]).toBe('HELLO 3 AUTH default pass');
});

test('a log-in that is refused', () => {
  const { reply } = begin(request('celery'), '', 'wrong');
  expect(reply('-WRONGPASS invalid username-password pair\r\n')).toMatchObject({
    outcome: 'unavailable',
  });
});

test('a probe', () => {
  const { commands, reply } = begin(request('celery', '1', 'probe'));
  expect(commands).toEqual(['HELLO 3', 'PING']);
  expect(reply(`${HELLO}+PONG\r\n`)).toEqual({ do: 'end', outcome: 'ready', reason: '' });
  expect(begin(request('celery', '1', 'probe')).reply('-LOADING\r\n')).toMatchObject({
    outcome: 'away',
  });
});
