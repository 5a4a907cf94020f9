/**
 * What a held client gets when its container is stopped, in each way; and a rolling update of two behind a balancer, by
 * the manifest of docs/containers.md.
 */

import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { App } from '../../../testkit/apps/app';
import { call } from '../../../testkit/clients/client';
import { follow } from '../../../testkit/clients/follow';
import { sleep, until } from '../../../testkit/clients/until';
import { Container } from '../../../testkit/machines/container';
import { Images, shown } from '../../../testkit/machines/images';
import { answers, freePort } from '../../../testkit/machines/ports';

const docker = (...args: string[]) => promisify(execFile)('docker', args);

const [PROBE = ''] = shown('nginx').filter((block) => block.includes('/healthz'));

/** The manifest, and what is different with the hop. */
const [WITHOUT, WITH_HOP] = shown('yaml').map((text) => parse(text).spec.template.spec);

const app = new App();
const folder = mkdtempSync(join(tmpdir(), 'offload-drain-'));
const keys = join(folder, 'keys.conf');
let images: Images;
let image: string;

beforeAll(async () => {
  await app.start();
  images = Images.build();
  image = images.with(shown('Dockerfile')[0] as string, { 'nginx.conf': 'events {}\n' });
  execFileSync('service/hop-keys.sh', { env: { ...process.env, OFFLOAD_HOP_KEYS: keys } });
  chmodSync(folder, 0o755);
}, 120_000);

afterAll(async () => {
  await app.stop();
  images.remove();
  rmSync(folder, { recursive: true });
});

type Kind = 'with the hop' | 'without';

const conf = (port: number, kind: Kind) => `
load_module modules/ngx_http_js_module.so;
user nginx;
worker_processes 2;
events { worker_connections 2048; }
http {
    include offload/http.conf;
    ${kind === 'without' ? '' : 'include offload/hop/http.conf;'}
    upstream app { server 127.0.0.1:${app.port}; }
    server {
        listen 127.0.0.1:${port} backlog=4096;
        include offload/server.conf;
        set $offload_interval 2s;
        ${kind === 'without' ? '' : 'include offload/hop/server.conf; set $offload_hop 50s;'}
        location / { proxy_pass http://app; include offload/proxy.conf; }
        ${PROBE}
    }
    server {
        include offload/waiter.conf;
        location /poll/ { proxy_pass http://app; include offload/poll.conf; }
    }
}
`;

/** A container of the image, which listens on a port of this machine, and is ready by its probe. */
async function start(kind: Kind, limits = 'limit_conn offload_held 300;') {
  const port = await freePort();
  const files = { [`${port}.conf`]: conf(port, kind), [`${port}-limits.conf`]: limits };
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(folder, name), text);
  }
  const container = await Container.start({
    image,
    mounts: {
      '/etc/nginx/nginx.conf:ro': join(folder, `${port}.conf`),
      '/etc/nginx/offload/limits.conf:ro': join(folder, `${port}-limits.conf`),
      '/etc/nginx/offload/hop/keys.conf:ro': keys,
    },
    // they share the network of this machine: drain.sh tells them apart by it
    env: { OFFLOAD_SOCKET_DIR: `/run/offload-${port}` },
  });
  await until('it is ready', () => isReady(port));
  return { port, container };
}

const isReady = (port: number) =>
  call(port, WITHOUT.containers[0].readinessProbe.httpGet.path).then(
    ({ status }) => status === 200,
    () => false,
  );

let tags = 0;

/** Clients that are held, and what each of them gets. */
async function hold(count: number, length: number, port: number, request: typeof call = call) {
  const before = app.jobs.list().length;
  const ends = Array.from({ length: count }, async () => {
    const tag = `drain-${++tags}`;
    const answer = await request(port, `/job?length=${length}&tag=${tag}`, {
      method: 'POST',
    }).catch(() => ({ status: 0, body: 'a closed connection' }));
    const right = `result of job ${app.jobs.tagged(tag)?.id}\n`;
    return answer.status === 200 && answer.body === right
      ? 'its result'
      : answer.status || answer.body;
  });
  const jobs = () => app.jobs.list().slice(before);
  await until('all are held', () => jobs().filter(({ polls }) => polls.length > 0).length >= count);
  return ends;
}

const SIGQUIT = ['kill', '--signal', 'QUIT'];
const CLOSED = 'a closed connection';

describe.each([
  ['without', 'its result'],
  ['with the hop', 303],
] as [Kind, unknown][])('%s', (kind, drained) => {
  test.each([
    ['SIGQUIT', SIGQUIT, drained],
    ['docker stop', ['stop', '--time', '60'], drained],
    ['SIGTERM', ['kill', '--signal', 'TERM'], CLOSED],
    ['SIGKILL', ['kill'], CLOSED],
  ])('by %s a held client gets what the page says', async (_, command, expected) => {
    const { port, container } = await start(kind);
    const ends = await hold(20, 4000, port);
    const stopped = docker(...command, container.id);
    // without the hop, those between two attempts in the instant of a quit get a 503
    const others = (await Promise.all(ends)).filter((end) => end !== 503);
    expect(new Set(others)).toEqual(new Set([expected]));
    expect(others.length).toBeGreaterThan(0);
    await stopped;
    await container.ended();
    await container.stop();
  });
});

test('when the time of a stop is over, the connection is closed', async () => {
  const { port, container } = await start('without');
  const ends = await hold(20, 60_000, port);
  await docker('stop', '--time', '1', container.id);
  expect(new Set(await Promise.all(ends))).toEqual(new Set([CLOSED]));
  await container.stop();
});

/** nginx as a balancer, whose list of servers is changed by a reload. */
async function balancer(ports: number[]) {
  const port = await freePort();
  const name = `balancer-${port}.conf`;
  let servers = ports;
  const write = () =>
    writeFileSync(
      join(folder, name),
      `events { worker_connections 4096; }
      http {
        upstream nginx { ${servers.map((each) => `server 127.0.0.1:${each};`).join(' ')} }
        server {
          listen 127.0.0.1:${port} backlog=4096;
          location / { proxy_pass http://nginx; proxy_next_upstream off; }
        }
      }`,
    );
  write();
  const container = await Container.start({
    image: 'offload-nginx:trixie',
    mounts: { '/srv': folder },
    entrypoint: ['nginx', '-c', `/srv/${name}`, '-g', 'daemon off;'],
  });
  await until('the balancer listens', () => answers(port));
  const lead = async (from: number, to: number) => {
    servers = [...servers.filter((each) => each !== from), to];
    write();
    await container.signal('HUP');
  };
  return { port, container, lead };
}

/** Short calls, one after the other, until they are ended. @returns those that were not answered */
function shortCalls(port: number) {
  const failed: unknown[] = [];
  let isOver = false;
  const ended = (async () => {
    while (!isOver) {
      const { status } = await call(port, '/fast').catch((error) => ({ status: String(error) }));
      if (status !== 200) {
        failed.push(status);
      }
      await sleep(50);
    }
  })();
  return {
    async end() {
      isOver = true;
      await ended;
      return failed;
    },
  };
}

describe('a rolling update of two behind a balancer', () => {
  const HELD = 200;
  const WORK_MS = 20_000;

  /** A pod terminates: its hook, the image's stop signal, and SIGKILL when its time is over. */
  async function terminate({ id }: Container, kind: Kind): Promise<void> {
    const { terminationGracePeriodSeconds, containers } = kind === 'without' ? WITHOUT : WITH_HOP;
    const end = Date.now() + terminationGracePeriodSeconds * 1000;
    await docker('exec', id, ...containers[0].lifecycle.preStop.exec.command);
    await docker('stop', '--time', String(Math.ceil((end - Date.now()) / 1000)), id);
  }

  /** As a Deployment does with maxUnavailable 0 and maxSurge 1, while clients are held. */
  async function update(kind: Kind) {
    const started = await Promise.all([start(kind), start(kind)]);
    const old = [...started];
    const front = await balancer(started.map(({ port }) => port));
    const short = shortCalls(front.port);
    try {
      const ends = await hold(HELD, WORK_MS, front.port, (_, path, options) =>
        follow(() => front.port, path, options),
      );
      const terminated: Promise<void>[] = [];
      for (const each of old) {
        const next = await start(kind);
        started.push(next);
        // the balancer hears of it while the hook runs
        terminated.push(terminate(each.container, kind));
        await front.lead(each.port, next.port);
      }
      await Promise.all(terminated);
      return { held: new Set(await Promise.all(ends)), failed: await short.end() };
    } finally {
      await short.end();
      await Promise.all([front, ...started].map(({ container }) => container.stop()));
    }
  }

  test('no held client is lost, and no new one', async () => {
    const kinds: Kind[] = ['without', 'with the hop'];
    const none = { held: new Set(['its result']), failed: [] };
    expect(await Promise.all(kinds.map(update))).toEqual([none, none]);
  }, 120_000);
});

test('a held crowd, and those that are refused, fail no probe', async () => {
  const held = 160;
  const text = readFileSync('nginx/limits.conf', 'utf8');
  const { port, container } = await start('without', text);
  const crowd = await hold(held, 5000, port);
  const refused = Array.from({ length: 200 }, () => call(port, '/job?length=5000'));
  const all = Promise.all([...crowd, ...refused]);
  const probes: number[] = [];
  while ((await Promise.race([all, sleep(20)])) === undefined) {
    probes.push((await call(port, '/healthz')).status);
  }
  expect(new Set(probes)).toEqual(new Set([200]));
  expect(probes.length).toBeGreaterThan(10);
  await container.stop();
});
