/** The scripts of load/ detect each kind of wrong response. */

import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { App } from '../../../testkit/apps/app';
import { type Leaving, runK6 } from '../../../testkit/clients/k6';

/** A service that can return a wrong response to one call in ten, after `length` ms. */
const WORK = '/work?job={id}&length={length}';

const faults: Record<string, (response: http.ServerResponse, job: string) => void> = {
  none: (response, job) => response.end(`result of ${job}\n`),
  status: (response, job) => response.writeHead(502).end(`result of ${job}\n`),
  body: (response) => response.end('result of\n'),
  swapped: (response, job) => response.end(`result of ${job.replace(/\d+$/, '1')}\n`),
  connection: (response) => response.destroy(),
  timeout: () => {},
  redirect: (response) => response.writeHead(302, { Location: '/' }).end(),
};

const server = http.createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://service');
  const { fault, job, length } = Object.fromEntries(searchParams) as Record<string, string>;
  const isFaulty = Number(job?.split('-')[1]) % 10 === 0;
  const act = faults[isFaulty ? (fault ?? 'none') : 'none'] as (typeof faults)[string];
  if (pathname === '/echo') {
    request.pipe(response);
  } else {
    setTimeout(() => act(response, job ?? ''), Number(length));
  }
});
let origin: string;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const small = { CONNECTIONS: '20', REQUESTS: '100', JOB: '300ms', TIMEOUT: '2s' };

test('published.ts passes if all responses are right', async () => {
  const env = { ...small, URL: origin + WORK, SPREAD: '100ms', ADDED_MAX: '5s' };
  const { exitCode, figures, output } = await runK6('load/published.ts', { env });
  expect(exitCode).toBe(0);
  expect(figures).toMatchObject({
    connections: 20,
    requests: 100,
    right: 100,
    unfinished: 0,
    wrong: { status: 0, body: 0, swapped: 0, timeout: 0, connection: 0 },
    thresholds: { 'RIGHT=100%': true, 'ADDED_MAX=5s': true },
  });
  const { p50, p95, p99, max } = figures.addedMs as Record<string, number>;
  const added = [0, p50, p95, p99, max, 5000];
  expect(added).toEqual([...added].sort((a, b) => Number(a) - Number(b)));
  // 5 consecutive calls on each connection
  expect(figures.wallSeconds).toBeGreaterThan(1);
  expect(output).toContain('right          100 of 100\n');
  expect(output).toContain('kept           RIGHT=100%\n');
});

test.each(['status', 'body', 'swapped', 'timeout', 'connection'])(
  'published.ts fails if one response in ten is wrong: %s',
  async (kind) => {
    const env = { ...small, URL: `${origin}${WORK}&fault=${kind}` };
    const { exitCode, figures, output } = await runK6('load/published.ts', { env });
    expect(exitCode).toBe(99);
    expect(figures).toMatchObject({ right: 90, unfinished: 0, wrong: { [kind]: 10 } });
    expect(output).toContain(`wrong          ${kind} 10\n`);
    expect(output).toContain('FAILED         RIGHT=100%\n');
    expect(output).toContain(`wrong ${kind}: `);
  },
);

test('with RATE, the clients of published.ts come one after the other', async () => {
  const env = { ...small, URL: origin + WORK, REQUESTS: '40', RATE: '20' };
  const { exitCode, figures } = await runK6('load/published.ts', { env });
  expect({ exitCode, right: figures.right }).toEqual({ exitCode: 0, right: 40 });
  // the last of 20 clients comes after 0.95 s
  expect(figures.wallSeconds).toBeGreaterThan(1.2);
});

test('published.ts does not follow redirects', async () => {
  const env = { ...small, URL: `${origin}${WORK}&fault=redirect` };
  const { figures } = await runK6('load/published.ts', { env });
  expect(figures.wrong.status).toBe(10);
});

test('published.ts passes with as many wrong responses as RIGHT allows, and fails with more', async () => {
  const URL = `${origin}${WORK}&fault=status`;
  const passing = await runK6('load/published.ts', { env: { ...small, URL, RIGHT: '90%' } });
  expect(passing.exitCode).toBe(0);
  const failing = await runK6('load/published.ts', { env: { ...small, URL, RIGHT: '90.1%' } });
  expect(failing.exitCode).toBe(99);
});

test('published.ts fails if responses are late', async () => {
  // the work takes 300 ms instead of JOB
  const env = { ...small, URL: `${origin}/work?job={id}&length=300`, JOB: '50ms' };
  const late = await runK6('load/published.ts', { env: { ...env, ADDED_P95: '200ms' } });
  expect(late.exitCode).toBe(99);
  expect(late.figures).toMatchObject({ right: 100, thresholds: { 'ADDED_P95=200ms': false } });
});

test('published.ts fails if connections are refused', async () => {
  const env = { ...small, URL: `http://127.0.0.1:1${WORK}` };
  const { exitCode, figures } = await runK6('load/published.ts', { env });
  expect(exitCode).toBe(99);
  expect(figures).toMatchObject({ right: 0, wrong: { connection: 100 }, addedMs: { p50: null } });
});

test('METHOD, BODY, HEADERS and EXPECT_JSON define a call and its expected response', async () => {
  const env = {
    ...small,
    URL: `${origin}/echo`,
    METHOD: 'POST',
    BODY: '{"order": "{id}", "weight": 2}',
    HEADERS: '{"Content-Type": "application/json", "X-Order": "{id}"}',
    EXPECT_JSON: '{"order": "{id}"}',
  };
  const { exitCode, figures } = await runK6('load/published.ts', { env });
  expect({ exitCode, right: figures.right }).toEqual({ exitCode: 0, right: 100 });
});

test('leaving.ts fails if a client that stays gets the response of another call', async () => {
  const env = { ...small, URL: `${origin}${WORK}&fault=swapped` };
  const { exitCode, figures } = await runK6<Leaving>('load/leaving.ts', {
    env,
  });
  expect(exitCode).toBe(99);
  // one call in ten is wrong, and every second client leaves: the last ones a few ms before their response
  expect(figures).toMatchObject({ right: 40, unfinished: 0, wrong: { swapped: 10 } });
  expect(figures.left).toBeGreaterThan(40);
});

test('leaving.ts fails if responses arrive before clients leave', async () => {
  const env = { ...small, URL: `${origin}/work?job={id}&length=1`, JOB: '900ms' };
  const { exitCode, figures, output } = await runK6<Leaving>('load/leaving.ts', { env });
  expect(exitCode).toBe(99);
  expect(figures).toMatchObject({ right: 50, thresholds: { 'RIGHT=100%': true } });
  // a client that leaves at once may be before its response
  expect(figures.left).toBeLessThan(10);
  expect(output).toContain('response before the client left: 200: result of ');
});

describe('mixed.ts', () => {
  const app = new App({ workers: 2, backlog: 100 });
  beforeAll(() => app.start());
  afterAll(() => app.stop());
  const mixed = (route: string) => ({
    URL: `http://127.0.0.1:${app.port}${route}?length={length}`,
    EXPECT: 'done\n',
    FAST_URL: `http://127.0.0.1:${app.port}/fast`,
    CONNECTIONS: '4',
    JOB: '1s',
    ALONE: '1s',
  });

  test('fails if slow calls occupy all workers', async () => {
    const { exitCode, figures } = await runK6('load/mixed.ts', { env: mixed('/blocking') });
    expect(exitCode).toBe(99);
    const {
      'FAST_TIMES=10': areFast,
      'fast calls beside slow ones': areBeside,
      ...others
    } = figures.thresholds;
    expect(others).toEqual({ 'RIGHT=100%': true, 'no wrong fast answer': true });
    // one that begins just before the slow ones is the only one
    expect(areFast && areBeside).toBe(false);
  });

  test('fails if a fast response is wrong', async () => {
    const env = {
      ...mixed('/blocking'),
      CONNECTIONS: '1',
      FAST_URL: `${origin}/missing?job=x-0&fault=status`,
    };
    const { exitCode, figures } = await runK6('load/mixed.ts', { env });
    expect(exitCode).toBe(99);
    expect(figures.thresholds).toMatchObject({ 'no wrong fast answer': false });
  });
});

test.each([
  ['published.ts', { CONNECTIONS: '20', REQUESTS: '10' }, 'REQUESTS=10: fewer than CONNECTIONS=20'],
  ['published.ts', { JOB: '10' }, 'JOB=10: not a duration'],
  ['published.ts', { RATE: '0' }, 'RATE=0: not a whole number'],
  ['published.ts', { JOB: '1s', SPREAD: '2s' }, 'SPREAD=2s: longer than JOB'],
  ['published.ts', { JOB: '60s' }, 'TIMEOUT=60s: not longer than the work'],
  ['published.ts', { URL: 'http://127.0.0.1/' }, 'JOB: is required'],
  ['published.ts', { URL: 'http://127.0.0.1/', JOB: '2s', SPREAD: '1s' }, 'SPREAD=1s: has no'],
  ['published.ts', { HEADERS: 'X-Key: 1' }, 'HEADERS=X-Key: 1: not JSON'],
  ['leaving.ts', { LEAVING: '0%' }, 'LEAVING=0%: of 2000 requests, none or all'],
  ['mixed.ts', { ALONE: '0s' }, 'ALONE=0s: nothing to compare with'],
])('%s rejects %j without making a call', async (script, env, message) => {
  const run = runK6(`load/${script}`, { env: env as Record<string, string> });
  await expect(run).rejects.toThrow(message);
});
