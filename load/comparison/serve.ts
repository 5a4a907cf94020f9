/** Starts a system, warms it up, and reads the counts of its app. */

import net from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Container } from '../../testkit/container';
import { answers, freePort } from '../../testkit/ports';
import { sleep, until } from '../../testkit/until';
import { fill, placesIn } from '../runner/fill';
import { BUNDLE } from '../runner/machine';
import { slowCall } from '../runner/slow-call';
import type { Stage } from '../runner/stage';
import { appImage, type Peer } from './peers';

export interface Serving {
  port: number;
  nginx: Container;
  /** All other processes, by name as in peer.yaml. */
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
  const { 'nginx.conf': nginxConf = '', 'limits.conf': limits = '' } = peer.files;
  const limitsFile = stage.file('limits.conf', limits);
  const ports: Record<string, number> = {};
  const texts = [peer.files, peer.processes].flatMap((each) => Object.values(each));
  for (const name of placesIn([...texts, peer.counts])) {
    ports[name] = await freePort();
  }
  const filesIn = (folder: string, all: Record<string, number>) =>
    Object.fromEntries(
      Object.entries(peer.files).map(([name, its]) => [join(folder, name), fill(its, all)]),
    );

  const named: Record<string, Container> = {};
  const another = (name: string, other: Record<string, number> = {}) => {
    const command = peer.processes[name];
    const all = { ...ports, ...other };
    return stage.start({
      openFiles: OPEN_FILES,
      ...(command === undefined
        ? {
            image: peer.nginx,
            files: {
              ...filesIn('/etc/nginx/system', all),
              '/etc/nginx/nginx.conf': fill(nginxConf, all),
            },
            mounts: {
              '/etc/nginx/offload:ro': BUNDLE,
              '/etc/nginx/offload/limits.conf:ro': limitsFile,
            },
            entrypoint: ['nginx', '-g', 'daemon off;'],
          }
        : {
            image: appImage(peer),
            files: filesIn('/srv/app', all),
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
  return { port, nginx, named, ports, another, counts };
}

/** Makes a short slow call until the response is right. */
async function warmUp(port: number): Promise<void> {
  const end = Date.now() + TIMEOUT_MS;
  let wrong: string | undefined = 'no response';
  while (wrong !== undefined) {
    if (Date.now() > end) {
      throw new Error(`the warm-up call: ${wrong}`);
    }
    await sleep(100);
    wrong = await slowCall(port, 'warm-up', 10, { timeout: TIMEOUT_MS });
  }
}

async function countsAt(url: string): Promise<{ calls: number; jobs: number }> {
  return (await (await fetch(url)).json()) as { calls: number; jobs: number };
}

/** Counted by peers/common/counted.py; uWSGI's stats server may start later than the workers. */
async function uwsgiCounts(port: number): Promise<{ calls: number; jobs: number }> {
  await until("uWSGI's stats server listens", () => answers(port), TIMEOUT_MS);
  const { metrics } = JSON.parse(await text(net.connect(port, '127.0.0.1')));
  return { calls: metrics.calls.value, jobs: metrics.jobs.value };
}
