/** What replies of Redis mean for a client: results of Celery, of a stream, of RQ; errors. */

import answering from '../../../../src/offload/redis/answering.deferred';
import type { Large } from '../../../../src/offload/redis/resp';
import type { Said, Wait } from '../../../../src/offload/redis/wait';
import { bytes, got, meta, published, read, wait } from './replies';

describe('Celery', () => {
  const celery = (value: Buffer, more: Partial<Wait> = {}) =>
    read(wait('celery', more), got(value));

  test('a result is JSON, byte for byte, whether it was stored or published', () => {
    const answer =
      'HTTP/1.1 200 OK | Content-Type: application/json | Content-Length: 30 | {"sum": 1.10, "id": 123456789}';
    const value = meta('SUCCESS', '{"sum": 1.10, "id": 123456789}');
    expect(celery(value)).toBe(answer);
    expect(read(wait('celery'), published(value))).toBe(answer);
  });

  test.each(['PENDING', 'RECEIVED', 'STARTED', 'RETRY', 'PROGRESS', 'success'])(
    'the state %s is no result',
    (status) => {
      expect(celery(meta(status, 'null'))).toBe('no result yet');
    },
  );

  test.each([
    ['"text"', '"text"'],
    ['null', 'null'],
    ['{"status": "ok", "headers": {}, "body": ""}', '{"status": "ok", "headers": {}, "body": ""}'],
    ['{"status": 200, "body": "x"}', '{"status": 200, "body": "x"}'],
    [
      '{"status": 200, "headers": {}, "body": "x", "more": 1}',
      '{"status": 200, "headers": {}, "body": "x", "more": 1}',
    ],
    ['{"status": 199, "headers": {}, "body": "x"}', '{"status": 199, "headers": {}, "body": "x"}'],
  ])('the result %s is answered as it is', (result, body) => {
    expect(celery(meta('SUCCESS', result))).toBe(
      `HTTP/1.1 200 OK | Content-Type: application/json | Content-Length: ${body.length} | ${body}`,
    );
  });

  test('a result of status, headers and body is the response that it describes', () => {
    const result =
      '{"status": 201, "headers": {"X-A": "1", "Set-Cookie": ["a=1", "b=2"], "content-type": "text/csv"}, "body": "h\\u00e9\\n"}';
    expect(celery(meta('SUCCESS', result))).toBe(
      'HTTP/1.1 201 Created | X-A: 1 | Set-Cookie: a=1 | Set-Cookie: b=2 | content-type: text/csv | Content-Length: 4 | hé\n',
    );
  });

  test.each([
    ['"text"', 'text/plain; charset=utf-8', 'text'],
    ['null', 'text/plain; charset=utf-8', ''],
    ['[1.10]', 'application/json', '[1.10]'],
  ])('the body %s has the type %s unless it says another', (body, type, sent) => {
    expect(celery(meta('SUCCESS', `{"status":200,"headers":{},"body":${body}}`))).toBe(
      `HTTP/1.1 200 OK | Content-Type: ${type} | Content-Length: ${sent.length} | ${sent}`,
    );
  });

  test('a 204 has no body', () => {
    expect(celery(meta('SUCCESS', '{"status":204,"headers":{},"body":"x"}'))).toBe(
      'HTTP/1.1 204 No Content | Content-Type: text/plain; charset=utf-8 | ',
    );
  });

  test('headers that nginx would act on, or that are of one connection, are left out', () => {
    const headers =
      '{"X-Accel-Redirect": "/secret", "X-Offload-Outcome": "timeout", "X-Pad": "timeout", "Connection": "close", "Content-Length": "1", "Transfer-Encoding": "chunked", "X-B": 2}';
    expect(celery(meta('SUCCESS', `{"status":200,"headers":${headers},"body":null}`))).toBe(
      'HTTP/1.1 200 OK | X-B: 2 | Content-Type: text/plain; charset=utf-8 | Content-Length: 0 | ',
    );
  });

  test.each([
    ['a long header', 200, 'x'.repeat(2_000)],
    ['status 502', 502, 'x'],
    ['status 503, by which an attempt is repeated', 503, 'x'],
    ['status 504', 504, 'x'],
  ])('%s is found, and answered where nothing is repeated', (_, status, header) => {
    const result = `{"status":${status},"headers":{"X-A":"${header}"},"body":null}`;
    expect(celery(meta('SUCCESS', result))).toBe('found');
    expect(celery(meta('SUCCESS', result), { isAgain: true })).toBe('found');
    expect(celery(meta('SUCCESS', result), { to: 'found' })).toContain(`HTTP/1.1 ${status} `);
  });

  test('a header that no buffer has room for is refused', () => {
    const result = `{"status":200,"headers":{"X-A":"${'x'.repeat(70_000)}"},"body":null}`;
    expect(celery(meta('SUCCESS', result), { to: 'found' })).toBe(
      'refused: has a header of more than 61440 bytes',
    );
  });

  test.each([
    ['FAILURE', 'The task failed'],
    ['REVOKED', 'The task was revoked'],
  ])('%s is a problem document, with the exception only if it is asked for', (status, detail) => {
    const value = meta(
      status,
      '{"exc_type": "ValueError", "exc_message": ["secret"]}',
      '"Traceback"',
    );
    expect(celery(value)).toBe(
      `HTTP/1.1 500 Internal Server Error | Content-Type: application/problem+json | Content-Length: ${80 + detail.length} | {"type":"about:blank","title":"Internal Server Error","status":500,"detail":"${detail}"}\n`,
    );
    expect(read(wait('celery'), got(value), true)).toContain(
      `"detail":"${detail}","exception":{"exc_type": "ValueError", "exc_message": ["secret"]},"traceback":"Traceback"}`,
    );
  });

  test.each([
    ['pickle', '\u0080\u0004}'],
    ['YAML', 'status: SUCCESS\n'],
    ['a list', '["SUCCESS"]'],
    ['cut off', '{"status": "SUCCESS", "result": [1'],
    ['without a result', '{"status": "SUCCESS"}'],
    ['empty', ''],
  ])('a value that is no JSON of Celery is refused: %s', (_, value) => {
    expect(celery(Buffer.from(value, 'latin1'))).toBe(
      'refused: is no JSON of Celery: its result_serializer has to be json',
    );
  });

  test('invalid UTF-8 is refused', () => {
    const value = Buffer.concat([
      meta('SUCCESS', '"a"').subarray(0, 34),
      Buffer.from([0xff]),
      meta('SUCCESS', '"a"').subarray(34),
    ]);
    expect(celery(value)).toContain('refused: is no JSON of Celery');
  });

  test('a value of more than 4 MB is refused', () => {
    const large: Large = {
      type: 'large',
      length: 5_000_000,
      first: bytes(''),
      within: [],
      isLast: true,
    };
    expect(read(wait('celery'), large)).toBe(
      'refused: is 5000000 bytes long: at most 4194304 from Celery',
    );
  });
});

const entry = (id: string, all: Buffer[]): Said => ({ type: 'entry', entry: { id, fields: all } });
const fields = (...all: string[]) => all.map((each) => bytes(each));

describe('a stream', () => {
  const stream = (...all: string[]) => read(wait('stream'), entry('1-1', fields(...all)));

  test('a body alone is answered with 200 and no type', () => {
    expect(stream('body', 'a\r\nb')).toBe('HTTP/1.1 200 OK | Content-Length: 4 | a\r\nb');
  });

  test('status and headers come before the body', () => {
    expect(stream('status', '429', 'headers', '{"Retry-After": 5}', 'body', 'x')).toBe(
      'HTTP/1.1 429 Too Many Requests | Retry-After: 5 | Content-Length: 1 | x',
    );
  });

  test('nginx passes on what follows of a large body', () => {
    const large: Large = {
      type: 'large',
      length: 50_000_000,
      first: bytes('abc'),
      within: fields('status', '200', 'body'),
      isLast: true,
    };
    expect(answering().read(wait('stream'), large, false)).toEqual({
      do: 'answer',
      head: 'HTTP/1.1 200 OK\r\nContent-Length: 50000000\r\nConnection: close\r\n\r\n',
      body: bytes('abc'),
      isRest: true,
      left: [],
    });
  });

  test('a large field before the last one is refused', () => {
    const large: Large = {
      type: 'large',
      length: 20_000,
      first: bytes('abc'),
      within: fields('body'),
      isLast: false,
    };
    expect(read(wait('stream'), large)).toBe(
      'refused: has a field of 20000 bytes that is not the last one',
    );
  });

  test.each([
    [['status', '200'], 'has no field "body" as its last one'],
    [['body', 'x', 'status', '200'], 'has no field "body" as its last one'],
    [['statue', '200', 'body', 'x'], 'has a field other than status, headers and body'],
    [['status', '200 OK', 'body', 'x'], 'has a status that is none from 200 to 599'],
    [['status', '101', 'body', 'x'], 'has a status that is none from 200 to 599'],
    [['headers', 'Content-Type: a', 'body', 'x'], 'has headers that are no JSON object'],
    ...['null', '[]', '[1]', '["a"]', '1', '"a"', 'true', ''].map((headers): [string[], string] => [
      ['headers', headers, 'body', 'x'],
      'has headers that are no JSON object',
    ]),
  ])('refused: %j', (all, reason) => {
    expect(stream(...all)).toBe(`refused: ${reason}`);
  });
});

describe('RQ', () => {
  const base64 = (text: string) => bytes(text).toString('base64');
  const rq = (...all: string[]) => read(wait('rq'), entry('1-1', fields(...all)));

  test('the return value is JSON, in base64', () => {
    expect(rq('type', '1', 'return_value', base64('{"sum": 1.10}'))).toBe(
      'HTTP/1.1 200 OK | Content-Type: application/json | Content-Length: 13 | {"sum": 1.10}',
    );
  });

  test('a job that returned None is null', () => {
    expect(rq('type', '1')).toContain('| Content-Length: 4 | null');
  });

  test.each([
    ['2', 'The job failed'],
    ['3', 'The job was stopped'],
  ])('type %s is a problem document: %s', (type, detail) => {
    expect(rq('type', type, 'exc_string', 'x')).toContain(`"status":500,"detail":"${detail}"}`);
  });

  test('a retry is no result: the next entry is waited for', () => {
    expect(rq('type', '4')).toBe(
      JSON.stringify(
        '*6\r\n$5\r\nXREAD\r\n$5\r\nBLOCK\r\n$1\r\n0\r\n$7\r\nSTREAMS\r\n$3\r\nkey\r\n$3\r\n1-1\r\n',
      ),
    );
  });

  test('pickle is refused', () => {
    expect(rq('type', '1', 'return_value', 'gASVBQAAAAAAAABLAS4=')).toBe(
      'refused: is no JSON: RQ pickles unless its serializer is rq.serializers.JSONSerializer',
    );
  });
});

describe('errors of Redis', () => {
  test.each([
    ['LOADING Redis is loading the dataset in memory', 'away'],
    ['MASTERDOWN Link with MASTER is down', 'away'],
    ['WRONGTYPE Operation against a key', 'refused: is of another type in Redis'],
    [
      'ERR max number of clients reached',
      'unavailable: it replied "ERR max number of clients reached"',
    ],
    ['NOAUTH HELLO must be called', 'unavailable: it replied "NOAUTH HELLO must be called"'],
  ])('%s', (text, step) => {
    expect(read(wait('celery'), { type: 'error', text })).toBe(step);
  });

  test('what is no Redis, or does not answer what was asked', () => {
    const noRedis = 'unavailable: what answers is no Redis';
    expect(read(wait('celery'), 'malformed')).toBe(noRedis);
    expect(read(wait('celery'), { type: 'text', text: 'OK' })).toBe(noRedis);
    expect(read(wait('celery'), entry('1-1', fields('body', 'x')))).toBe(noRedis);
    expect(read(wait('stream'), got(bytes('x')))).toBe(noRedis);
    expect(read(wait('rq'), published(bytes('x')))).toBe(noRedis);
  });
});
