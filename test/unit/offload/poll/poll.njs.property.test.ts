import fc from 'fast-check';
import { locationTarget } from '../../../../src/offload/result/location';
import { GRID_POINTS } from '../../../../src/offload/schedule/backoff';
import { readJob } from '../../../../src/offload/signal/signal';
import { targetUri } from '../../../../src/offload/signal/target';
import { isRefusal } from '../../../../src/shared/checked';
import { SAID } from '../../../../src/shared/told';
import { headerTe } from '../../../../testkit/clients/told';
import { long } from '../../../../testkit/jest/long';
import * as hostile from '../../shared/hostile';
import { FakeRequest, type Reply, type Subrequest } from './fake-request';

/** A handler has the types of njs, which are not those of node. */
const { poll: attempt } = jest.requireActual<{ poll: (r: FakeRequest) => void }>(
  '../../../../src/offload/poll/poll.njs',
);

const listening = 'unix:/dev/null';
const gone = 'unix:/nonexistent/waiter.sock';
const timeout = 2_000;
/** The clock may have been set back since the signal. */
const ahead = 1_000;
const now = Date.parse('2026-01-31T12:00:00Z');

const status = fc.oneof(
  fc.constantFrom(200, 202, 204, 303, 304, 307, 400, 418, 425, 500, 502, 503),
  fc.integer({ min: 100, max: 999 }),
);
const someHeader = fc.oneof(
  fc.tuple(fc.constant('Location'), hostile.hostilePath),
  fc.tuple(
    fc.constant('Retry-After'),
    fc.oneof(hostile.hostileNumber, hostile.hostileDate, hostile.hostileArgs),
  ),
  fc.tuple(fc.constantFrom('Content-Type', 'Set-Cookie', 'Connection', 'X-A', 'x-a'), fc.string()),
  // what every object of the language has, too
  fc.tuple(fc.constantFrom('Constructor', '__proto__', 'toString', 'hasownproperty'), fc.string()),
);
const reply: fc.Arbitrary<Reply> = fc.record({
  status,
  after: fc.oneof(
    { weight: 8, arbitrary: fc.nat({ max: 20 }) },
    { weight: 2, arbitrary: fc.nat({ max: 2 * timeout }) },
    { weight: 1, arbitrary: fc.constant(Number.POSITIVE_INFINITY) },
  ),
  headers: fc.array(someHeader, { maxLength: 4 }),
  declared: fc.oneof(
    fc.constant(undefined),
    fc.nat({ max: 10 }).map(String),
    hostile.hostileNumber,
  ),
  body: fc.oneof(fc.constant(''), fc.string()),
  httpVersion: fc.constantFrom('1.0', '1.0', '1.0', '1.0', '1.0', '0.9'),
});
const sane = fc.tuple(fc.constant('/poll'), fc.nat().map(String));
const signal = fc.oneof(sane, fc.tuple(hostile.hostilePath, hostile.hostileArgs));
const since = fc.oneof(
  {
    weight: 10,
    arbitrary: fc
      .integer({ min: -ahead, max: timeout + 100 })
      .map((ms) => String((now - ms) / 1_000)),
  },
  { weight: 1, arbitrary: fc.constantFrom('', '0', 'now') },
);

interface Wait {
  signal: [url: string, args: string];
  since: string;
  replies: Reply[];
  afterFault: boolean;
  isServed: boolean;
  server: string;
}

const anyWait = (server: string): fc.Arbitrary<Wait> =>
  fc.record({
    signal,
    since,
    replies: fc.array(reply, { minLength: 1, maxLength: 3 }),
    afterFault: fc.boolean(),
    isServed: fc.integer({ min: 0, max: 9 }).map((it) => it > 0),
    server: fc.constant(server),
  });

interface Outcome {
  request: FakeRequest;
  /** ms that the client waited since this try. */
  took: number;
}

/** Goes on until the client is answered, and lets come what still would. */
function run(its: Wait): Outcome {
  jest.setSystemTime(now);
  const [url, args] = its.signal;
  let replies = 0;
  const request = new FakeRequest(
    {
      Host: 'app',
      TE: headerTe({
        since: its.since,
        url,
        args,
        timeout: `${timeout}ms`,
        interval: '250ms',
        backoff: '10%',
        maxInterval: '30s',
        pollCost: 'off',
        fault: its.afterFault ? '1' : '',
      }),
    },
    its.server,
    () => its.replies[replies++ % its.replies.length] as Reply,
    its.isServed,
  );
  attempt(request);
  while (request.answers.length === 0 && jest.getTimerCount() > 0) {
    jest.advanceTimersToNextTimer();
  }
  const took = Date.now() - now;
  jest.runOnlyPendingTimers();
  if (request.answers.length !== 1 || jest.getTimerCount() > 0) {
    throw new Error(`answers: ${request.answers}; timers left: ${jest.getTimerCount()}`);
  }
  return { request, took };
}

beforeAll(() => {
  jest.useFakeTimers();
});

afterAll(() => {
  jest.useRealTimers();
});

test('a try asks for the next poll of its job, perhaps for what its Location names, and ends in one answer', () => {
  fc.assert(
    fc.property(anyWait(listening), (its) => {
      const { subrequests, answers } = run(its).request;
      const job = readJob(...its.signal);
      if (isRefusal(job)) {
        return subrequests.length === 0 && answers[0] === 504;
      }
      const [poll, found, ...more] = subrequests;
      const isOfJob =
        poll === undefined ||
        (poll.path.startsWith(`${job.path}/`) &&
          /^\d+$/.test(poll.path.slice(job.path.length + 1)) &&
          poll.args === job.query);
      const isLed = found === undefined || (found.method !== 'POST' && leadsTo(its, poll, found));
      const last = subrequests.at(-1);
      const isAnswer =
        typeof answers[0] === 'number' ||
        answers[0] === targetUri({ path: last?.path ?? '', query: last?.args ?? '' });
      return isOfJob && isLed && more.length === 0 && isAnswer;
    }),
    hostile.manyTimes,
  );
});

function leadsTo(its: Wait, poll: Subrequest | undefined, found: Subrequest): boolean {
  const from = targetUri({ path: poll?.path ?? '', query: '' });
  const targets = its.replies[0]?.headers
    .filter(([name]) => name === 'Location')
    .map(([, location]) => locationTarget(location, 'app', from));
  return Boolean(
    targets?.some((to) => !isRefusal(to) && to.path === found.path && to.query === found.args),
  );
}

test('with the waiter gone, a wait ends in one answer within its deadline and few polls', () => {
  fc.assert(
    fc.property(anyWait(gone), (its) => {
      const { request, took } = run(its);
      return request.subrequests.length <= 2 * GRID_POINTS && took <= ahead + timeout + 100;
    }),
    { numRuns: long(3_000, 600) },
  );
});

test('each refusal is one line of the log, printable and shorter than the 2 KB of nginx', () => {
  fc.assert(
    fc.property(anyWait(listening), (its) => {
      const { log, sent, answers } = run(its).request;
      const isRefused = sent.get(SAID) === 'refused';
      const said = /^offload: ".*" is not polled: it [ -~]+; the client gets a 502$/;
      return (
        log.length === (isRefused ? 1 : 0) &&
        log.every((line) => said.test(line) && /^[ -~]{1,1600}$/.test(line)) &&
        (!isRefused || answers[0] === 504)
      );
    }),
    { numRuns: long(3_000, 600) },
  );
});
