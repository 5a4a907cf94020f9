/**
 * Whatever a hostile Redis, task or worker sends: nothing is thrown, and what the client is answered is one response
 * of HTTP, without a header line that the code does not know of.
 */

import fc from 'fast-check';
import type { Step } from '../../../../src/offload/redis/answer';
import answering from '../../../../src/offload/redis/answering.deferred';
import { ask } from '../../../../src/offload/redis/ask';
import { receive } from '../../../../src/offload/redis/decide';
import { readRequest } from '../../../../src/offload/redis/request';
import { command } from '../../../../src/offload/redis/resp';
import type { Kind } from '../../../../src/offload/redis/wait';
import { manyTimes } from '../../shared/hostile';
import { chunksOf, cuts } from './chunks';

const HELLO = '%1\r\n$5\r\nproto\r\n:3\r\n';
const SUBSCRIBED = '>3\r\n$9\r\nsubscribe\r\n$1\r\na\r\n:1\r\n';

const kinds = fc.constantFrom<Kind>('celery', 'stream', 'rq');
const paths = fc.constantFrom('wait', 'found', 'probe');
const faults = fc.constantFrom('', '1');

/** @returns the step that ends the wait, if there is one */
function run(kind: Kind, path: string, fault: string, chunks: Buffer[]): Step | undefined {
  const ids = ['celery', 'stream', 'rq'].map((each) => (each === kind ? 'a' : '')).join();
  const head = `GET /.offload/redis/${path} HTTP/1.1\r\nX-Offload-Wait: 1,60s,${fault},,${ids}\r\n\r\n`;
  const wait = readRequest(head, 1_000, '');
  const [, decoder] = ask(wait, '', '', '0');
  const its = answering();
  for (const chunk of chunks) {
    const step = receive(wait, decoder, chunk, () => its, true);
    if (step !== undefined && step.do !== 'send') {
      return step;
    }
  }
  return undefined;
}

/** Of an answer: one header, its lines printable, and as many bytes of a body as it says. */
function expectHttp(step: Step | undefined): void {
  if (step?.do !== 'answer') {
    return;
  }
  const [status = '', ...lines] = step.head.slice(0, -4).split('\r\n');
  expect(step.head.endsWith('\r\nConnection: close\r\n\r\n')).toBe(true);
  expect(status).toMatch(/^HTTP\/1\.1 [2-5]\d\d [A-Z][A-Za-z ]+$/);
  for (const line of lines) {
    expect(line).toMatch(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+: /);
    expect([...line].filter((each) => (each < ' ' && each !== '\t') || each === '\x7f')).toEqual(
      [],
    );
    expect(line).not.toMatch(/^(x-accel-|x-offload|transfer-encoding|upgrade)/i);
  }
  const lengths = lines.filter((line) => /^content-length:/i.test(line));
  const isBare = status.startsWith('HTTP/1.1 204') || status.startsWith('HTTP/1.1 304');
  expect(lengths).toHaveLength(isBare ? 0 : 1);
  if (!step.isRest) {
    expect(lengths).toEqual(isBare ? [] : [`Content-Length: ${step.body.length}`]);
  }
}

const hostileText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('a\r\nX-Accel-Redirect: /x', '\u0000', '\u001b[2J', 'é', '\ud800', '__proto__'),
  fc.constantFrom('X-Accel-Redirect', 'X-Offload-Outcome', 'Transfer-Encoding', 'content-length'),
  fc.constantFrom('constructor', 'toString', 'Content-Type', 'X-A', 'X_A', 'x.a', ''),
);
const anyJson = fc.oneof(
  fc.jsonValue(),
  hostileText,
  fc.constantFrom(null, true, 0, -1, 1e308, 200, 503, 204, 304, '200', [], {}, [null], { a: null }),
);
const headerValue = fc.oneof(
  { weight: 3, arbitrary: fc.oneof(fc.string(), fc.nat()) },
  { weight: 1, arbitrary: fc.array(fc.string(), { maxLength: 3 }) },
  { weight: 1, arbitrary: fc.oneof(hostileText, anyJson, fc.array(anyJson, { maxLength: 3 })) },
);
const headerName = fc.oneof(
  { weight: 3, arbitrary: fc.stringMatching(/^[A-Za-z_.-]{1,8}$/) },
  { weight: 1, arbitrary: hostileText },
);
const headers = fc.oneof(
  { weight: 5, arbitrary: fc.dictionary(headerName, headerValue, { maxKeys: 4 }) },
  { weight: 1, arbitrary: anyJson },
);
const status = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 195, max: 605 }) },
  { weight: 1, arbitrary: anyJson },
);
const described = fc.record({ status, headers, body: anyJson });
const state = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('SUCCESS', 'SUCCESS', 'FAILURE', 'REVOKED', 'STARTED') },
  { weight: 1, arbitrary: anyJson },
);
const meta = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      status: state,
      result: fc.oneof(described, anyJson),
      traceback: anyJson,
    }),
  },
  { weight: 1, arbitrary: anyJson },
);

/** JSON with a part of it cut out or put in. */
const spoilt = fc
  .tuple(meta, fc.nat(), fc.nat(10), fc.constantFrom('', '"', '\\', '{', '}', ',', '\u0000'))
  .map(([value, at, length, more]) => {
    const text = JSON.stringify(value) ?? '';
    const from = at % (text.length + 1);
    return text.slice(0, from) + more + text.slice(from + length);
  });
const texts = fc.oneof(
  meta.map((each) => JSON.stringify(each, undefined, 1) ?? ''),
  meta.map((each) => JSON.stringify(each) ?? ''),
  meta.map((each) => JSON.stringify(each) ?? ''),
  spoilt,
);
const bulk = (text: string | Buffer) =>
  Buffer.concat([
    Buffer.from(`$${Buffer.byteLength(text)}\r\n`),
    Buffer.from(text),
    Buffer.from('\r\n'),
  ]);

test('Celery: any text that is stored and published', () => {
  fc.assert(
    fc.property(texts, texts, faults, paths, cuts, (stored, published, fault, path, at) => {
      const its = Buffer.concat([
        Buffer.from(HELLO + (fault === '' ? SUBSCRIBED : '')),
        bulk(stored),
        Buffer.from(fault === '' ? '>3\r\n$7\r\nmessage\r\n$1\r\na\r\n' : SUBSCRIBED),
        bulk(published),
      ]);
      expectHttp(run('celery', path, fault, chunksOf(its, at)));
    }),
    manyTimes,
  );
});

const json = (value: unknown) => JSON.stringify(value) ?? '';
/** As a worker adds them, with anything in them. */
const fieldsOfStream = fc
  .tuple(
    fc.option(status.map((each): [string, string] => ['status', json(each)])),
    fc.option(headers.map((each): [string, string] => ['headers', json(each)])),
    fc.oneof(texts, hostileText),
  )
  .map(([its, lines, body]) => [...(its ?? []), ...(lines ?? []), 'body', body]);
const fieldsOfRq = fc
  .tuple(fc.constantFrom('1', '1', '1', '2', '3', '4', '5', ''), fc.oneof(described, anyJson))
  .map(([type, value]) => [
    ...['type', type, 'return_value', Buffer.from(json(value)).toString('base64')],
    ...['exc_string', 'x'],
  ]);
const fields = fc.oneof(
  { weight: 4, arbitrary: fieldsOfStream },
  { weight: 4, arbitrary: fieldsOfRq },
  { weight: 1, arbitrary: fc.array(fc.oneof(hostileText, texts), { maxLength: 6 }) },
);

test('streams and RQ: any fields of an entry', () => {
  const entries = fc.array(fields, { maxLength: 3 });
  fc.assert(
    fc.property(kinds, entries, faults, paths, cuts, (kind, all, fault, path, at) => {
      const its = Buffer.concat([
        Buffer.from(`${HELLO}%1\r\n$1\r\na\r\n*${all.length}\r\n`),
        ...all.flatMap((each) => [
          Buffer.from(`*2\r\n$3\r\n1-1\r\n*${each.length}\r\n`),
          ...each.map(bulk),
        ]),
      ]);
      expectHttp(run(kind, path, fault, chunksOf(its, at)));
    }),
    manyTimes,
  );
});

test('any words in any shape of RESP', () => {
  const words = fc.oneof(
    texts.map((each) => String(bulk(each))),
    fc.constantFrom(HELLO, SUBSCRIBED, '_\r\n', ':1\r\n', '+OK\r\n', '-ERR\r\n', '-LOADING x\r\n'),
    fc.constantFrom('*2\r\n', '%1\r\n', '>3\r\n', '*0\r\n', '$-1\r\n', '$5000000\r\n', '!3\r\n'),
    fc.array(hostileText, { maxLength: 3 }).map(command),
  );
  fc.assert(
    fc.property(
      kinds,
      fc.array(words, { maxLength: 10 }),
      faults,
      paths,
      cuts,
      (kind, all, fault, path, at) => {
        const its = Buffer.from(all.join(''));
        expectHttp(run(kind, path, fault, chunksOf(its, at)));
        expectHttp(run(kind, path, fault, chunksOf(Buffer.concat([Buffer.from(HELLO), its]), at)));
      },
    ),
    manyTimes,
  );
});
