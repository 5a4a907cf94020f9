/** examples/container with Docker Compose and images made here: what a user runs, but for the registry. */

import { spawnSync } from 'node:child_process';
import { type Answer, call } from '../../../testkit/clients/client';
import { sleep, until } from '../../../testkit/clients/until';
import { Images } from '../../../testkit/machines/images';
import { labelArguments } from '../../../testkit/machines/labels.js';
import { Compose } from '../../../testkit/servers/compose';
import { tried } from '../../../testkit/servers/example';

let images: Images;
let compose: Compose;
let said: string;
let session: { Cookie: string; 'X-CSRFToken': string };

/** As the form of the site's page: held, as the task takes 2 s. */
const report = (month: string) => {
  const form = { 'Content-Type': 'application/x-www-form-urlencoded', ...session };
  return call(compose.port, '/reports/', {
    method: 'POST',
    headers: form,
    body: `month=${month}`,
  });
};
const isReportOf = (month: string) => ({
  status: 200,
  body: `{"month": "${month}", "total": 1234.5}`,
});

/** One whose task the worker has. */
async function heldReport(): Promise<{ answer: Promise<Answer> }> {
  const received = async () =>
    (await compose.run('logs', 'worker'))
      .split('make_report')
      .filter((words) => words.includes('] received')).length;
  const before = await received();
  const answer = report('june');
  await until('the worker has the task', async () => (await received()) > before);
  return { answer };
}

beforeAll(async () => {
  images = Images.build();
  compose = await Compose.start(images.name);
  said = await compose.says('ctrl-C ends it.');
  session = await login();
}, 180_000);

afterAll(() => {
  compose?.remove();
  images?.remove();
});

/** @returns headers of a client that is logged in */
async function login(): Promise<typeof session> {
  const cookies: Record<string, string> = {};
  const step = async (options: Parameters<typeof call>[2]) => {
    const { headers } = await call(compose.port, '/login/', options);
    for (const cookie of headers['set-cookie'] ?? []) {
      const [, name = '', value = ''] = /^(\w+)=(\w+)/.exec(cookie) ?? [];
      cookies[name] = value;
    }
    const Cookie = Object.entries(cookies)
      .map(([name, value]) => `${name}=${value}`)
      .join('; ');
    return { Cookie, 'X-CSRFToken': cookies.csrftoken ?? '' };
  };
  const form = { 'Content-Type': 'application/x-www-form-urlencoded', ...(await step({})) };
  return step({ method: 'POST', headers: form, body: 'username=demo&password=secret' });
}

test.each([
  ['month=may http', /HTTP\/1\.1 200 OK.*\{"month": "may", "total": 1234\.5\}$/s],
  ['respond-async', /HTTP\/1\.1 202 Accepted.*Location: \/reports\/[-0-9a-f]+\//s],
])('a command of try.txt: %s', async (command, answer) => {
  const client = ['cd ', 'token()', 'login/', 'username=demo'];
  expect(await tried(said, ...client, command)).toMatch(answer);
});

test('20 reports at once leave the two workers of the app free', async () => {
  const months = Array.from({ length: 20 }, (_, month) => `${month}`);
  let left = months.length;
  const reports = months.map((month) => report(month).finally(() => left--));
  const others: Answer[] = [];
  while (left > 0) {
    others.push(await call(compose.port, '/ready'));
    await sleep(100);
  }
  expect(await Promise.all(reports)).toMatchObject(months.map(isReportOf));
  // were they not, one would wait for others' reports: 20 of 2 s on two workers
  expect(Math.max(...others.map(({ ms }) => ms))).toBeLessThan(2000);
});

test('a client is held while the app is away, and comes back at another address', async () => {
  const address = '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}';
  const before = await compose.inspect('app', address);
  const held = await heldReport();
  await compose.run('stop', 'app');
  const away = await call(compose.port, '/ready');
  const probe = await call(compose.port, '/healthz');
  expect([502, 504]).toContain(away.status);
  // not the minute for which nginx would wait by default for an address that nobody has
  expect(away.ms).toBeLessThan(10_000);
  expect(probe.status).toBe(200);
  const freeAddress = compose.takeAddress();
  await compose.run('up', '--detach', '--wait', '--no-deps', 'app').finally(freeAddress);
  expect(await compose.inspect('app', address)).not.toBe(before);
  expect(await held.answer).toMatchObject(isReportOf('june'));
});

test('an nginx that is killed is started again, and serves', async () => {
  process.kill(Number(await compose.inspect('nginx', '{{.State.Pid}}')), 'SIGKILL');
  await until(
    'nginx runs again',
    async () =>
      (await compose.inspect('nginx', '{{.RestartCount}} {{.State.Health.Status}}')) ===
      '1 healthy',
  );
  expect(await report('may')).toMatchObject(isReportOf('may'));
});

test('docker compose stop nginx answers a client that is held', async () => {
  const held = await heldReport();
  await compose.run('stop', 'nginx');
  // its result; a 503 between two attempts; at the timeout, which the stop waits for, where the report is
  const { status } = await held.answer;
  expect([200, 202, 503]).toContain(status);
}, 120_000);

test('without a variable, the images are those of the registry', async () => {
  const { services } = await compose.config();
  expect(services).toMatchObject({
    nginx: {
      build: { args: { NGINX: 'nginx:1.30', OFFLOAD: 'nginx-offload' } },
      ports: [{ published: '8080' }],
    },
    app: { build: { args: { PYTHON: 'python:3.13-slim' } } },
    worker: { build: { args: { PYTHON: 'python:3.13-slim' } } },
    redis: { image: 'redis:8' },
  });
});

test('Ctrl-C leaves nothing behind', async () => {
  expect(compose.all()).not.toEqual([]);
  await compose.interrupt();
  expect(compose.all()).toEqual([]);
});

test('without Docker Compose, the error names what to install', () => {
  const { status, stderr } = spawnSync(
    'docker',
    [
      ...['run', '--rm', ...labelArguments(), '--volume', `${process.cwd()}:/project:ro`],
      ...['--entrypoint', '/project/examples/start.sh', 'offload-curl:trixie', 'container'],
    ],
    { encoding: 'utf8' },
  );
  expect(status).toBe(1);
  expect(stderr).toContain('The example container requires Docker Compose 2');
});
