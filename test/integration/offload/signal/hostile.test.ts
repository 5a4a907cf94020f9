/** Malicious signals, Locations and Retry-After values through nginx. */

import fc from 'fast-check';
import { pollTarget, readJob } from '../../../../src/offload/signal/signal';
import { readTarget, type Target } from '../../../../src/offload/signal/target';
import { isRefusal } from '../../../../src/shared/checked';
import { quoted } from '../../../../src/shared/quoted';
import { RawApp, type RawRequest } from '../../../../testkit/apps/raw';
import { type Answer, call } from '../../../../testkit/clients/client';
import { engines, Nginx, onRelease } from '../../../../testkit/servers/nginx';
import { readByStandard, readLeniently } from '../../../unit/offload/signal/readers';
import {
  hostileArgs,
  hostileDate,
  hostileNumber,
  hostilePath,
  plainSegment,
  veryLong,
} from '../../../unit/shared/hostile';

/** Fixed, so that each run has the same cases; OFFLOAD_SEED overrides it. */
const SEED = Number(process.env.OFFLOAD_SEED ?? 20260131);
const CONCURRENT = 40;

/** The app's responses to the call of one client and to its polls. */
interface Case {
  kind: 'signal' | 'location' | 'retry';
  url: string;
  args: string;
  location: string;
  retryAfter: string;
}

const ordinary = { url: '/poll', args: '42', location: '', retryAfter: '' };
const signal = fc
  .tuple(hostilePath, hostileArgs)
  .map(([url, args]): Case => ({ ...ordinary, kind: 'signal', url, args }));
const location = fc
  .oneof(
    hostilePath,
    hostilePath.map((path) => `http://app${path}`),
    hostilePath.map((path) => path.replace(/^\/poll/, '..')),
    fc.tuple(plainSegment, hostileArgs).map((all) => all.join('/')),
  )
  .map((text): Case => ({ ...ordinary, kind: 'location', location: text }));
const retryAfter = fc
  .oneof(hostileNumber, hostileDate, hostileArgs)
  .map((text): Case => ({ ...ordinary, kind: 'retry', retryAfter: text }));

const sample = (arbitrary: fc.Arbitrary<Case>, numRuns: number) =>
  fc.sample(arbitrary, { seed: SEED, numRuns });
const long = veryLong.map((text): Case => ({ ...ordinary, kind: 'signal', url: `/poll/${text}` }));
const cases = [
  ...sample(signal, 200),
  ...sample(long, 10),
  ...sample(location, 150),
  ...sample(retryAfter, 80),
];

/** The client's host identifies a case in the error log. */
const hostOf = (id: number) => `case-${id}.test`;
/** A header of the client identifies a case in the app, as it is forwarded with each poll. */
const caseOf = (request: RawRequest) => Number(request.headers.get('x-case'));

/** Half of the texts are sent as UTF-8, the others as latin1. */
function bytes(text: string, id: number): Buffer {
  return Buffer.from(text.replaceAll('app', hostOf(id)), id % 2 === 0 ? 'utf8' : 'latin1');
}

function response(status: number, header: string, value: Buffer, body = ''): Buffer {
  return Buffer.concat([
    Buffer.from(
      `HTTP/1.1 ${status} x\r\nConnection: close\r\nContent-Length: ${body.length}\r\n${header}: `,
    ),
    value,
    Buffer.from(`\r\n\r\n${body}`),
  ]);
}

/** A third of the results are streamed by nginx: redirects without a Location. */
const statusOf = (id: number) => (id % 3 === 0 ? 307 : 200);

function result(id: number): Buffer {
  return response(statusOf(id), 'X-Result', Buffer.from('1'), `result of case ${id}\n`);
}

describe.each(engines)(onRelease, (release) => {
  const polled = new Set<number>();
  const app = new RawApp((request) => {
    const id = caseOf(request);
    const its = cases[id];
    if (its === undefined) {
      return Buffer.from('HTTP/1.1 404 x\r\n\r\n');
    }
    if (request.uri.startsWith('/call/')) {
      const args = Buffer.concat([
        Buffer.from('\r\nX-OffloadToPoller-Args: '),
        bytes(its.args, id),
      ]);
      const value = Buffer.concat([bytes(its.url, id), args]);
      return response(418, 'X-OffloadToPoller-Url', value);
    }
    const isFirst = !polled.has(id);
    polled.add(id);
    if (its.kind === 'location' && request.method === 'POST') {
      return response(303, 'Location', bytes(its.location, id));
    }
    return its.kind === 'retry' && isFirst
      ? response(202, 'Retry-After', bytes(its.retryAfter, id))
      : result(id);
  });
  const answers: Answer[] = [];
  let nginx: Nginx;
  let pids: number[];

  beforeAll(async () => {
    await app.start();
    nginx = await Nginx.start(release, {
      appPort: app.port,
      // large enough that nginx rejects no header as too long
      http: 'proxy_buffer_size 256k; proxy_buffers 4 256k;',
      location: 'set $offload_timeout 4s; set $offload_interval 800ms;',
      waiter: 'location /found/ { proxy_pass http://app; include offload/poll.conf; }',
    });
    pids = nginx.workerPids();
    let next = 0;
    const client = async () => {
      for (let id = next++; id < cases.length; id = next++) {
        answers[id] = await call(nginx.port, `/call/${id}`, {
          headers: { Host: hostOf(id), 'X-Case': id },
        });
      }
    };
    await Promise.all(Array.from({ length: CONCURRENT }, client));
  }, 120_000);

  afterAll(async () => {
    await nginx.stop();
    await app.stop();
  });

  /** A summary of the selected cases for which the check fails. */
  const failures = (
    isSelected: (its: Case, answer: Answer, id: number) => boolean,
    isRight: (its: Case, answer: Answer, id: number) => boolean,
  ) =>
    cases
      .map((its, id) => ({ its, answer: answers[id] as Answer, id }))
      .filter(({ its, answer, id }) => isSelected(its, answer, id) && !isRight(its, answer, id))
      .map(({ its, answer, id }) => ({
        id,
        app: [its.url, its.args, its.location, its.retryAfter].map(quoted).join(' '),
        status: answer.status,
        polls: pollsOf(id).map(({ line }) => line),
      }));
  const isResult = (answer: Answer, id: number) =>
    answer.status === statusOf(id) && answer.body === `result of case ${id}\n`;
  const pollsOf = (id: number) =>
    app.seen.filter((request) => caseOf(request) === id && !request.uri.startsWith('/call/'));

  test(`each of ${cases.length} clients gets its own result or an error (seed ${SEED})`, () => {
    const isError = (answer: Answer) => answer.status === 502;
    expect(
      failures(
        () => true,
        (its, answer, id) =>
          isResult(answer, id) ||
          isError(answer) ||
          (answer.status === 418 && its.url.split(/\r?\n/)[0]?.trim() === '') ||
          // nginx rejects a response with such a header, so that each poll fails
          (answer.status === 504 && /[\0\r]/.test(bytes(its.location, id).toString('latin1'))),
      ),
    ).toEqual([]);
    const results = answers.filter(isResult).length;
    expect(results).toBeGreaterThan(cases.length / 4);
    expect(answers.filter(({ status }) => status === 502).length).toBeGreaterThan(cases.length / 4);
  });

  test('a signal is polled if its path is in a location of the waiter, and rejected otherwise', () => {
    const isPlain = (its: Case) =>
      its.kind === 'signal' && /^[!-~]+ [!-~]*$/.test(`${its.url} ${its.args}`);
    const isRight = (its: Case, answer: Answer, id: number) => {
      const job = readJob(
        its.url.replaceAll('app', hostOf(id)),
        its.args.replaceAll('app', hostOf(id)),
      );
      const isServed = !isRefusal(job) && /^\/(poll|found)\//.test(pollTarget(job, 0).path);
      if (!isServed) {
        return answer.status === 502 && pollsOf(id).length === 0;
      }
      return (
        isResult(answer, id) &&
        pollsOf(id).every(({ method, uri }) => {
          const polled = readTarget(uri) as Target;
          const path = polled.path.replace(/\d+$/, '');
          return method === 'POST' && path === `${job.path}/` && polled.query === job.query;
        })
      );
    };
    expect(failures(isPlain, isRight)).toEqual([]);
  });

  test('any Retry-After leads to a next poll before the timeout', () => {
    expect(
      failures(
        (its) => its.kind === 'retry',
        (_its, answer, id) => isResult(answer, id),
      ),
    ).toEqual([]);
  });

  test('the app only gets polls for locations of the waiter', () => {
    const polls = app.seen.filter(({ uri }) => !uri.startsWith('/call/'));
    const isBelow = (name: string | undefined) => name === 'poll' || name === 'found';
    expect(polls.length).toBeGreaterThan(cases.length / 4);
    expect(
      polls.filter(
        ({ line, uri }) =>
          !/^(GET|POST) \/[!-~]+ HTTP\/1\.[01]$/.test(line) ||
          !isBelow(readLeniently(uri)[0]) ||
          !isBelow(readByStandard(uri).pathname.split('/')[1]),
      ),
    ).toEqual([]);
  });

  test('each 502 has one line with a reason in the error log', () => {
    const lines = nginx.errorLog().split('\n');
    const rejections = lines.filter((line) => line.includes('is not polled'));
    // nginx rejects a signal with a NUL, or with a CR without an LF
    const invalid = lines.filter((line) =>
      /invalid header.*(X-OffloadToPoller|"GET \/call\/)/s.test(line),
    );
    const format =
      /\[error\] [ -~]+ offload: "[ -~]*" is not polled: it (is|has) [ -~]+; the client gets a 502$/;
    expect(rejections.filter((line) => !format.test(line))).toEqual([]);
    expect(rejections.length + invalid.length).toBe(
      answers.filter(({ status }) => status === 502).length,
    );
  });

  test('no worker process exits, and there are no exceptions in the error log', () => {
    expect(nginx.workerPids()).toEqual(pids);
    expect(
      nginx
        .errorLog()
        .split('\n')
        .filter((line) => /\[(alert|crit|emerg)\]|js exception|on signal/.test(line)),
    ).toEqual([]);
  });
});
