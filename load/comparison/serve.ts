/** Starts a system, warms it up, and reads the counts of its app. */

import { writeFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Container } from '../../testkit/container';
import { answers, freePort } from '../../testkit/ports';
import { sleep, until } from '../../testkit/until';
import { fill, placesIn } from '../runner/fill';
import { BUNDLE } from '../runner/machine';
import type { Stage } from '../runner/stage';
import { appImage, filesIn, type Peer } from './peers';

export interface Serving {
  port: number;
  nginx: Container;
  /** All other processes. */
  app: Container[];
  /** The same by name, as in peer.yaml. */
  named: Record<string, Container>;
  /** By their names in the peer's files. */
  ports: Record<string, number>;
  /** Starts another container of a process, or of nginx, beside the first; with other ports, if given. */
  another: (name: string, other?: Record<string, number>) => Promise<Container>;
  /** Requests to the app, including polls, and slow calls. */
  counts: () => Promise<{ calls: number; jobs: number }>;
}

const TIMEOUT_MS = 15_000;
const OPEN_FILES = 16_384;

export async function serve(peer: Peer, stage: Stage): Promise<Serving> {
  const ofApp = { ...filesIn('app', '/srv/app'), ...filesIn(peer.name, '/srv/app') };
  const system = filesIn(peer.name, '/etc/nginx/system');
  const ofNginx = {
    ...filesIn('nginx', '/etc/nginx/common'),
    ...system,
    '/etc/nginx/nginx.conf': system['/etc/nginx/system/nginx.conf'] ?? '',
  };
  const limits = limitsOf(system, stage);
  const commands = Object.values(peer.processes);
  const texts = [...Object.values({ ...ofApp, ...ofNginx }), ...commands, peer.counts];
  const ports: Record<string, number> = {};
  for (const name of placesIn(texts)) {
    ports[name] = await freePort();
  }
  const filled = (files: Record<string, string>, all: Record<string, number>) =>
    Object.fromEntries(Object.entries(files).map(([path, its]) => [path, fill(its, all)]));

  const named: Record<string, Container> = {};
  const another = (name: string, other: Record<string, number> = {}) => {
    const command = peer.processes[name];
    const all = { ...ports, ...other };
    return stage.start({
      openFiles: OPEN_FILES,
      ...(command === undefined
        ? {
            image: peer.nginx,
            files: filled(ofNginx, all),
            mounts: { '/etc/nginx/offload:ro': BUNDLE, ...limits },
            entrypoint: ['nginx', '-g', 'daemon off;'],
          }
        : {
            image: appImage(peer),
            files: filled(ofApp, all),
            entrypoint: fill(command, all).split(/\s+/),
          }),
    });
  };
  for (const [name, command] of Object.entries(peer.processes)) {
    named[name] = await another(name);
    // the next one may connect to it
    for (const name of placesIn([command])) {
      await until(`${command} listens`, () => answers(ports[name] as number));
    }
  }
  const nginx = await another('nginx');
  const port = ports.NGINX as number;
  await warmUp(port);
  const counts = () =>
    peer.counts === 'uwsgi'
      ? uwsgiCounts(ports.STATS as number)
      : countsAt(fill(peer.counts, ports));
  return { port, nginx, app: Object.values(named), named, ports, another, counts };
}

/** The peer's own limits.conf in place of the offload's. */
function limitsOf(system: Record<string, string>, stage: Stage): Record<string, string> {
  const text = system['/etc/nginx/system/limits.conf'];
  if (text === undefined) {
    return {};
  }
  const file = join(stage.folder, 'limits.conf');
  writeFileSync(file, text);
  return { '/etc/nginx/offload/limits.conf:ro': file };
}

/** Makes a short slow call until the response is right. */
async function warmUp(port: number): Promise<void> {
  const end = Date.now() + TIMEOUT_MS;
  let response = 'none';
  while (response !== '200: result of warm-up\n') {
    if (Date.now() > end) {
      throw new Error(`response to the warm-up call: ${response}`);
    }
    await sleep(100);
    response = await fetch(`http://127.0.0.1:${port}/work?job=warm-up&length=10`, {
      signal: AbortSignal.timeout(TIMEOUT_MS),
    }).then(async (answer) => `${answer.status}: ${await answer.text()}`, String);
  }
}

async function countsAt(url: string): Promise<{ calls: number; jobs: number }> {
  return (await (await fetch(url)).json()) as { calls: number; jobs: number };
}

/** Counted by peers/app/counted.py; uWSGI's stats server may start later than the workers. */
async function uwsgiCounts(port: number): Promise<{ calls: number; jobs: number }> {
  await until("uWSGI's stats server listens", () => answers(port), TIMEOUT_MS);
  const { metrics } = JSON.parse(await text(net.connect(port, '127.0.0.1')));
  return { calls: metrics.calls.value, jobs: metrics.jobs.value };
}
