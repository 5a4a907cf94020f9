/**
 * What a held client gets when its container is stopped, in each way; and a rolling update of two behind a balancer, by
 * the manifest of docs/containers.md.
 */

import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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
import { labelArguments } from '../../../testkit/machines/labels.js';
import { answers, freePort } from '../../../testkit/machines/ports';
import { READ_ONLY } from './examples';

const docker = (...args: string[]) => promisify(execFile)('docker', args);

const [, UNPRIVILEGED = ''] = shown('Dockerfile');
const [TEMPORARY = ''] = shown('nginx');
const [PROBE = ''] = shown('nginx').filter((block) => block.includes('/healthz'));

/** The manifest, and what is different with the hop. */
const [WITHOUT, WITH_HOP] = shown('yaml').map((text) => parse(text).spec.template.spec);

const app = new App();
const files = mkdtempSync(join(tmpdir(), 'offload-drain-'));
const keys = join(files, 'keys.conf');
let images: Images;
let base: string;
let running: string[] = [];

afterEach(async () => {
  await docker('rm', '--force', ...running);
  running = [];
});

beforeAll(async () => {
  await app.start();
  images = Images.build();
  base = imageWith('/tmp/nginx-offload');
  execFileSync('service/hop-keys.sh', { env: { ...process.env, OFFLOAD_HOP_KEYS: keys } });
  // for uid 101
  chmodSync(keys, 0o644);
  chmodSync(files, 0o755);
}, 120_000);

afterAll(async () => {
  await app.stop();
  images.remove();
  rmSync(files, { recursive: true });
});

const imageWith = (folder: string) =>
  images.with(UNPRIVILEGED.replace('/tmp/nginx-offload', folder), { 'nginx.conf': 'events {}\n' });

type Kind = 'with the hop' | 'without';

const conf = (port: number, kind: Kind) => `
load_module modules/ngx_http_js_module.so;
worker_processes 2;
pid /tmp/nginx.pid;
events { worker_connections 2048; }
http {
    ${TEMPORARY}
    include offload/http.conf;
    ${kind === 'without' ? '' : 'include offload/hop/http.conf;'}
    upstream app { server 127.0.0.1:${app.port}; }
    server {
        listen 127.0.0.1:${port} backlog=4096;
        include offload/server.conf;
        set $offload_interval 2s;
        ${kind === 'without' ? '' : 'include offload/hop/server.conf; set $offload_hop 50s;'}
        location / { proxy_pass http://app; include offload/proxy.conf; }
        location /operation/ { include offload/accepted.conf; }
        ${PROBE}
    }
    server {
        include offload/waiter.conf;
        location /poll/ { proxy_pass http://app; include offload/poll.conf; }
        location /operation/ { proxy_pass http://app/fast/; include offload/operation.conf; }
    }
}
`;

/**
 * A container as the manifest has it, which listens on a port of this machine, and is ready by its probe.
 *
 * @param folder of its sockets: in the network that all have here, drain.sh tells them apart by it
 */
async function start(kind: Kind, limits = 'limit_conn offload_held 300;', folder = '') {
  const port = await freePort();
  const image = folder === '' ? base : imageWith(folder);
  const texts = { 'nginx.conf': conf(port, kind), 'offload/limits.conf': `${limits}\n` };
  const mounts = Object.entries(texts).map(([name, text]) => {
    const file = join(files, `${port}-${name.replace('/', '-')}`);
    writeFileSync(file, text);
    return `${file}:/etc/nginx/${name}:ro`;
  });
  if (kind === 'with the hop') {
    mounts.push(`${keys}:/etc/nginx/offload/hop/keys.conf:ro`);
  }
  const { stdout } = await docker(
    ...['run', '--detach', '--network', 'host', ...labelArguments(), ...READ_ONLY],
    ...[...mounts.flatMap((mount) => ['--volume', mount]), image],
  );
  const id = stdout.trim();
  running.push(id);
  await until('it is ready', () => isReady(port));
  return { port, id };
}

const isReady = (port: number) =>
  call(port, WITHOUT.containers[0].readinessProbe.httpGet.path).then(
    ({ status }) => status === 200,
    () => false,
  );

let tags = 0;

/** Clients that are held, and what each of them gets. */
async function hold(count: number, length: number, port: number, request: typeof call = call) {
  const own = Array.from({ length: count }, () => `drain-${++tags}`);
  const ends = own.map(async (tag) => {
    const path = `/job?length=${length}&tag=${tag}`;
    const answer = await request(port, path, { method: 'POST' }).catch(() => undefined);
    const right = `result of job ${app.jobs.tagged(tag)?.id}\n`;
    return answer?.status === 200 && answer.body === right
      ? 'its result'
      : (answer?.status ?? CLOSED);
  });
  const isPolled = (tag: string) => (app.jobs.tagged(tag)?.polls.length ?? 0) > 0;
  await until('all are held', () => own.every(isPolled));
  return ends;
}

const CLOSED = 'a closed connection';
const SIGQUIT = ['kill', '--signal', 'QUIT'];

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
    const { port, id } = await start(kind);
    const ends = await hold(20, expected === 303 ? 60_000 : 4000, port);
    const stopped = docker(...command, id);
    // without the hop, those between two attempts in the instant of a quit get a 503
    const others = (await Promise.all(ends)).filter((end) => end !== 503);
    expect(new Set(others)).toEqual(new Set([expected]));
    expect(others.length).toBeGreaterThan(0);
    await stopped;
    await docker('wait', id);
  });
});

test('when the time of a stop is over, the connection is closed', async () => {
  const { port, id } = await start('without');
  const ends = await hold(20, 60_000, port);
  await docker('stop', '--time', '1', id);
  expect(new Set(await Promise.all(ends))).toEqual(new Set([CLOSED]));
});

/** nginx as a balancer, whose list of servers is changed by a reload. */
async function balancer(ports: number[]) {
  const port = await freePort();
  const name = `balancer-${port}.conf`;
  let servers = ports;
  const write = () =>
    writeFileSync(
      join(files, name),
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
    mounts: { '/srv': files },
    entrypoint: ['nginx', '-c', `/srv/${name}`, '-g', 'daemon off;'],
  });
  running.push(container.id);
  await until('the balancer listens', () => answers(port));
  const lead = async (from: number, to: number) => {
    servers = [...servers.filter((each) => each !== from), to];
    write();
    await container.signal('HUP');
  };
  return { port, lead };
}

/** Short calls by turns, also through accepted.conf, until they are ended. @returns those that were not answered */
function shortCalls(port: number) {
  const failed: unknown[] = [];
  let isOver = false;
  const ended = (async () => {
    for (let at = 0; !isOver; at++) {
      const path = at % 2 === 0 ? '/fast' : '/operation/1';
      const { status } = await call(port, path).catch((error) => ({ status: String(error) }));
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

  /**
   * A pod terminates: its hook, as long as its time allows, then the image's stop signal, and SIGKILL when its time is
   * over, two seconds later at the earliest.
   */
  async function terminate(id: string, kind: Kind): Promise<void> {
    const { terminationGracePeriodSeconds: grace, containers } =
      kind === 'without' ? WITHOUT : WITH_HOP;
    const end = Date.now() + grace * 1000;
    const hook = docker('exec', id, ...containers[0].lifecycle.preStop.exec.command);
    await Promise.race([hook, sleep(grace * 1000)]);
    const left = Math.max(Math.ceil((end - Date.now()) / 1000), 2);
    await docker('stop', '--time', String(left), id);
  }

  /** As a Deployment does with maxUnavailable 0 and maxSurge 1, while clients are held. */
  async function update(kind: Kind) {
    let number = 0;
    const another = () =>
      start(kind, undefined, kind === 'without' ? `/tmp/offload-${++number}` : '');
    const old = [await another(), await another()];
    const front = await balancer(old.map(({ port }) => port));
    const short = shortCalls(front.port);
    try {
      const ends = await hold(HELD, WORK_MS, front.port, (_, path, options) =>
        follow(() => front.port, path, options),
      );
      const began = Date.now();
      const terminated = [];
      for (const { id, port } of old) {
        const next = await another();
        // the balancer hears of it while the hook runs
        terminated.push(terminate(id, kind));
        await front.lead(port, next.port);
      }
      await Promise.all(terminated);
      const took = Date.now() - began;
      return { took, held: new Set(await Promise.all(ends)), failed: await short.end() };
    } finally {
      await short.end();
    }
  }

  test('no held client is lost, and no new one; with the hop it is over before they are', async () => {
    const none = { held: new Set(['its result']), failed: [] };
    const [without, withHop] = await Promise.all([update('without'), update('with the hop')]);
    expect(without).toMatchObject(none);
    expect(withHop).toMatchObject(none);
    expect(withHop.took).toBeLessThan(without.took);
    console.log(`the update took ${without.took} ms without the hop, ${withHop.took} ms with it`);
  }, 180_000);
});

test('a held crowd, and those that are refused, fail no probe', async () => {
  const { port } = await start('without', 'limit_conn offload_held 80;');
  const crowd = Array.from({ length: 400 }, () => call(port, '/job?length=5000'));
  const all = Promise.all(crowd);
  const probes: number[] = [];
  while ((await Promise.race([all, sleep(20)])) === undefined) {
    probes.push((await call(port, '/healthz')).status);
  }
  const statuses = (await all).map(({ status }) => status);
  expect(new Set(statuses)).toEqual(new Set([200, 503]));
  expect(new Set(probes)).toEqual(new Set([200]));
  expect(probes.length).toBeGreaterThan(10);
});
