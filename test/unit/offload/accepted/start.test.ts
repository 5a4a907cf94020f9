/** What the answer to a first call means, whose JSON may name an operation. */

import {
  type Call,
  decideOnStart,
  mayStart,
  readCall,
  type Start,
  type Started,
} from '../../../../src/offload/accepted/start';

const call = (more: Partial<Call> = {}): Call => ({
  operation: '/jobs/{id}',
  status: 'status',
  result: '',
  ...more,
});

const started = (body: string, more: Partial<Started> = {}): Started => ({
  status: 200,
  contentType: 'application/json',
  contentLength: String(body.length),
  bodyLength: body.length,
  body: { responseText: body },
  ...more,
});

const HOLD: Start = { do: 'hold', url: '/jobs/7' };
const pass = (status = 200): Start => ({ do: 'pass', status });
const LOST: Start = { do: 'lost' };

test.each<[string, Partial<Call>, string, Partial<Started>, Start]>([
  ['it runs', {}, '{"id": 7, "status": "queued"}', {}, HOLD],
  ['it runs, 201', {}, '{"id": 7, "status": "queued"}', { status: 201 }, HOLD],
  ['it runs, 202', {}, '{"id": 7, "status": "queued"}', { status: 202 }, HOLD],
  ['no state yet', {}, '{"id": 7}', {}, HOLD],
  ['of unknown length', {}, '{"id": 7}', { contentLength: undefined }, HOLD],
  ['no field of a state, 202', { status: '' }, '{"id": 7}', { status: 202 }, HOLD],
  ['no field of a state, 201', { status: '' }, '{"id": 7}', { status: 201 }, HOLD],
  ['no field of a state, 200: done', { status: '' }, '{"id": 7}', {}, pass()],
  ['the same, with a result', { status: '', result: '/r/{id}' }, '{"id": 7}', {}, HOLD],
  ['done', {}, '{"id": 7, "status": "completed"}', {}, pass()],
  [
    'done, and its result elsewhere',
    { result: '/r/{id}' },
    '{"id": 7, "status": "done"}',
    {},
    HOLD,
  ],
  ['failed', {}, '{"id": 7, "status": "failed"}', {}, pass(500)],
  ['failed, 202', {}, '{"id": 7, "status": "failed"}', { status: 202 }, pass(500)],
  [
    'done, with an error',
    { status: 'done' },
    '{"id": 7, "done": true, "error": "a"}',
    {},
    pass(500),
  ],
  ['no id', {}, '{"status": "queued"}', {}, pass()],
  ['an id that is too large', {}, '{"id": 12345678901234567890}', {}, pass()],
  ['an array', {}, '[{"id": 7}]', {}, pass()],
  ['a document of no fields', {}, '{"__proto__": {"id": 7}}', {}, pass()],
  ['no JSON', {}, 'oops', {}, pass()],
  ['another type', {}, '{"id": 7}', { contentType: 'text/plain' }, pass()],
  ['a stream', {}, 'data: {"id": 7}\n\n', { contentType: 'text/event-stream' }, pass()],
  ['no type', {}, '{"id": 7}', { contentType: undefined }, pass()],
  ['no content', {}, '', { status: 204, contentLength: undefined }, pass(204)],
  ['a redirect', {}, '{"id": 7}', { status: 303 }, pass(303)],
  ['refused', {}, '{"id": 7, "status": "failed"}', { status: 400 }, pass(400)],
  ['its own failure', {}, '{"id": 7}', { status: 503 }, pass(503)],
  ['cut off', {}, '{"id": 7}', { contentLength: '10' }, LOST],
  ['cut off, of a failure', {}, 'oop', { status: 500, contentLength: '4' }, LOST],
])('%s', (_, settings, body, more, start) => {
  expect(decideOnStart(call(settings), started(body, more), false)).toEqual(start);
});

test.each([
  ['{"id": 7, "status": "queued"}', 200],
  ['{"id": 7, "status": "failed"}', 200],
  ['{"id": 7}', 201],
])('who prefers it gets the answer as it is: %s', (body, status) => {
  expect(decideOnStart(call(), started(body, { status }), true)).toEqual(pass(status));
});

test.each([
  ['POST', true],
  ['PUT', true],
  ['PATCH', true],
  ['DELETE', true],
  ['GET', false],
  ['HEAD', false],
  ['OPTIONS', false],
])('%s may start an operation: %p', (method, may) => {
  expect(mayStart(method)).toBe(may);
});

test('the settings of a call, as accepted-json.conf tells them', () => {
  const te = 'call\t202\thttps\t443\tid\t/jobs/{id}\tstatus\t/r/{id}\t 192.0.2.1';
  expect(readCall(te)).toEqual(call({ result: '/r/{id}' }));
  expect(readCall(undefined)).toEqual({ operation: '', status: '', result: '' });
});
