/** Starts a system, warms it up, and reads the counts of its app. */

import net from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { sleep, until } from '../../testkit/clients/until';
import type { Container } from '../../testkit/machines/container';
import { answers, freePort } from '../../testkit/machines/ports';
import { fill, placesIn } from './fill';
import { BUNDLE } from './machine';
import { slowCall } from './slow-call';
import type { Stage } from './stage';
import { appImage, type System } from './system';

export interface Serving {
  port: number;
  nginx: Container;
  /** All other processes, by name as in system.yaml. */
  named: Record<string, Container>;
  /** By their names in the system's files. */
  ports: Record<string, number>;
  /** Starts another container of a process, or of nginx, beside the first; with other ports, if given. */
  another: (name: string, other?: Record<string, number>) => Promise<Container>;
  /** Requests to the app, including polls, and slow calls. */
  counts: () => Promise<{ calls: number; jobs: number }>;
}

const TIMEOUT_MS = 15_000;
/** Of a process, as in the common main.conf. */
export const OPEN_FILES = 20_000;

export async function serve(system: System, stage: Stage): Promise<Serving> {
  const { 'nginx.conf': nginxConf = '', 'limits.conf': limits = '' } = system.files;
  const limitsFile = stage.file('limits.conf', limits);
  const ports: Record<string, number> = {};
  const texts = [system.files, system.processes].flatMap((each) => Object.values(each));
  for (const name of placesIn([...texts, system.counts])) {
    ports[name] = await freePort();
  }
  const filesIn = (folder: string, all: Record<string, number>) =>
    Object.fromEntries(
      Object.entries(system.files).map(([name, its]) => [join(folder, name), fill(its, all)]),
    );

  const snippets = { '/etc/nginx/offload:ro': BUNDLE };

  const named: Record<string, Container> = {};
  const another = (name: string, other: Record<string, number> = {}) => {
    const command = system.processes[name];
    const all = { ...ports, ...other };
    return stage.start({
      openFiles: OPEN_FILES,
      ...(command === undefined
        ? {
            image: system.nginx,
            files: {
              ...filesIn('/etc/nginx/system', all),
              '/etc/nginx/nginx.conf': fill(nginxConf, all),
            },
            mounts: { ...snippets, '/etc/nginx/offload/limits.conf:ro': limitsFile },
            entrypoint: ['nginx', '-g', 'daemon off;'],
          }
        : {
            image: appImage(system),
            files: filesIn('/srv/app', all),
            // for service/deadlines.ini
            mounts: snippets,
            entrypoint: fill(command, all).split(/\s+/),
          }),
    });
  };
  for (const [name, command] of Object.entries(system.processes)) {
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
    system.counts === 'uwsgi'
      ? uwsgiCounts(ports.STATS as number)
      : countsAt(fill(system.counts, ports));
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

/** Counted by common/counted.py; uWSGI's stats server may start later than the workers. */
async function uwsgiCounts(port: number): Promise<{ calls: number; jobs: number }> {
  await until("uWSGI's stats server listens", () => answers(port), TIMEOUT_MS);
  const { metrics } = JSON.parse(await text(net.connect(port, '127.0.0.1')));
  return { calls: metrics.calls.value, jobs: metrics.jobs.value };
}
