/** Responses that a result describes: their headers, and bodies of bytes. */

import answering from '../../../../src/offload/redis/answering.deferred';
import { got, meta, shown, wait } from './replies';

const described = (headers: string, body = 'null') =>
  answering().read(
    wait('celery'),
    got(meta('SUCCESS', `{"status":200,"headers":${headers},"body":${body}}`)),
    false,
  );

test.each([
  ['an empty value', '{"X-Empty": ""}', 'X-Empty: '],
  ['_ and . in a name', '{"x_a": "1", "x.b": "2", "x!c": 3}', 'x_a: 1\r\nx.b: 2\r\nx!c: 3'],
  ['UTF-8', '{"X-A": "h\\u00e9 \u20ac"}', 'X-A: h\u00e9 \u20ac'],
  ['a tab', '{"X-A": "a\\tb"}', 'X-A: a\tb'],
  ['no value at all', '{"X-A": []}', 'Content-Type: text/plain; charset=utf-8'],
])('a header with %s is sent', (_, headers, lines) => {
  expect(described(headers)).toMatchObject({
    head: expect.stringContaining(`\r\n${lines}\r\n`),
    left: [],
  });
});

test.each([
  ['a\nb', '{"a\\nb": "1"}'],
  ['a', '{"a": "1\\r\\nx: y"}'],
  ['a', '{"a": "1\\u0000"}'],
  ['a', '{"a": ["1", "2\\u007f"]}'],
  ['a b', '{"a b": "1"}'],
  ['a:', '{"a:": "1"}'],
  ['é', '{"é": "1"}'],
  ['', '{"": "1"}'],
  ['a', '{"a": {}}'],
  ['a', '{"a": true}'],
  ['a', '{"a": [null]}'],
])('the header %j, which no response can have, is left out: %s', (name, headers) => {
  const step = described(`${headers.slice(0, -1)}, "X-B": "2"}`);
  expect(step).toMatchObject({ do: 'answer', left: [name] });
  expect(shown(step)).toBe(
    'HTTP/1.1 200 OK | X-B: 2 | Content-Type: text/plain; charset=utf-8 | Content-Length: 0 | ',
  );
});

test('the line for the log names headers that are left out, and few of them', () => {
  expect(answering().leftLineOf('7f', ['X-\n', 'é'])).toBe(
    'offload: the result of "7f" is sent without its header "X-\\u000a", "\\u00e9": HTTP has no such name or value',
  );
  const line = answering().leftLineOf('7'.repeat(255), Array(1_000).fill('\n'.repeat(1_000)));
  expect(line).toContain(' and 995 more: ');
  // nginx cuts it at 2 KB
  expect(line.length).toBeLessThan(1_800);
});

test('a header is as long as its bytes', () => {
  // 800 characters, 2.4 KB
  expect(described(`{"X-A": "${'\u20ac'.repeat(800)}"}`)).toMatchObject({ outcome: 'found' });
});

const envelope = (type: string, value: string) =>
  `{"__type__": "${type}", "__value__": ${JSON.stringify(value)}}`;

test.each([
  ['base64', Buffer.from([0, 255, 13, 10, 128]).toString('base64'), [0, 255, 13, 10, 128]],
  ['base64', '', []],
  ['bytes', 'h\u00e9"', [0x68, 0xc3, 0xa9, 0x22]],
  ['bytes', '', []],
])('bytes, as %s of kombu, are bytes: %j', (type, value, all) => {
  expect(described('{"Content-Type": "application/pdf"}', envelope(type, value))).toMatchObject({
    head: expect.stringContaining('\r\nContent-Type: application/pdf\r\n'),
    body: Buffer.from(all),
  });
  const alone = got(meta('SUCCESS', envelope(type, value)));
  for (const step of [
    described('{}', envelope(type, value)),
    answering().read(wait('celery'), alone, false),
  ]) {
    expect(step).toMatchObject({
      head: expect.stringContaining('\r\nContent-Type: application/octet-stream\r\n'),
      body: Buffer.from(all),
    });
  }
});

test.each([
  envelope('decimal', '1.10'),
  envelope('datetime', '2026-01-31T12:00:00'),
  '{"__type__": "uuid", "__value__": {"hex": "7f"}}',
  '{"__type__": "base64", "__value__": 5}',
  '{"__type__": "bytes", "__value__": "a", "more": 1}',
  '{"__type__": "bytes"}',
])('any other object is JSON: %s', (body) => {
  expect(described('{}', body)).toMatchObject({ body: Buffer.from(body) });
});
