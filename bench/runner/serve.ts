/** Starts a system, warms it up, and reads the counts of its app. */

import net from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Call } from '../../testkit/clients/client';
import { follow } from '../../testkit/clients/follow';
import { until } from '../../testkit/clients/until';
import type { Container } from '../../testkit/machines/container';
import { answers, freePort } from '../../testkit/machines/ports';
import { fill, placesIn } from './fill';
import { BUNDLE } from './machine';
import { onStage, type Stage } from './stage';
import { appImage, type System } from './system';

/** Requests to the app, including polls, and slow calls. */
type Counts = { calls: number; jobs: number };

export interface Serving {
  port: number;
  nginx: Container;
  /** All other processes, by name as in system.yaml. */
  named: Record<string, Container>;
  /** By their names in the system's files. */
  ports: Record<string, number>;
  /** Starts another container of a process, or of nginx, beside the first; with other ports, if given. */
  another: (name: string, other?: Record<string, number>) => Promise<Container>;
  counts: () => Promise<Counts>;
  /** Where a balancer leads a client that is sent on; default: the same port. */
  portBehindHop?: number;
}

const TIMEOUT_MS = 60_000;
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

  const another = (name: string, other: Record<string, number> = {}) => {
    const command = system.processes[name];
    const all = { ...ports, ...other };
    if (command !== undefined) {
      return stage.start({
        openFiles: OPEN_FILES,
        image: appImage(system),
        files: filesIn('/srv/app', all),
        // for service/deadlines.ini
        mounts: snippets,
        entrypoint: fill(command, all).split(/\s+/),
      });
    }
    const conf = { '/etc/nginx/nginx.conf': fill(nginxConf, all) };
    return stage.start({
      openFiles: OPEN_FILES,
      image: system.nginx,
      files: { ...filesIn('/etc/nginx/system', all), ...conf },
      mounts: { ...snippets, '/etc/nginx/offload/limits.conf:ro': limitsFile },
      entrypoint: ['nginx', '-g', 'daemon off;'],
    });
  };
  const named: Record<string, Container> = {};
  for (const [name, command] of Object.entries(system.processes)) {
    named[name] = await another(name);
    // the next one may connect to it
    for (const place of placesIn([command])) {
      await until(`${command} listens`, () => answers(ports[place] as number));
    }
  }
  const nginx = await another('nginx');
  const port = ports.NGINX as number;
  let warmUp = 'no response';
  await until(
    'the warm-up call is right',
    async () => {
      warmUp = await slowCall(port, 'warm-up', 10, { timeout: TIMEOUT_MS });
      return warmUp === 'right';
    },
    TIMEOUT_MS,
  ).catch(() => {
    throw new Error(`the warm-up call: ${warmUp}`);
  });
  const counts = () =>
    system.counts === 'uwsgi'
      ? uwsgiCounts(ports.STATS as number)
      : fetch(fill(system.counts, ports)).then((answer) => answer.json() as Promise<Counts>);
  return { port, nginx, named, ports, another, counts };
}

/** Starts each system, one after the other. @returns what is measured of it, with its title */
export async function* measureEach<M>(
  systems: System[],
  work: (serving: Serving) => Promise<M>,
): AsyncIterable<M & { way: string }> {
  for (const system of systems) {
    console.log(system.title);
    const measured = await onStage(async (stage) => work(await serve(system, stage)));
    yield { way: system.title, ...measured };
  }
}

/** @returns `right`, or what is wrong with the response: a status, the body, or an error of the connection */
export async function slowCall(
  port: number,
  token: string,
  ms: number,
  options: Call = {},
  portBehindHop = () => port,
) {
  try {
    const path = `/work?job=${token}&length=${ms}`;
    const { status, body } = await follow(
      (hops) => (hops === 0 ? port : portBehindHop()),
      path,
      options,
    );
    if (status !== 200) {
      return `status ${status}`;
    }
    return body === `result of ${token}\n` ? 'right' : 'wrong body';
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code ?? message;
  }
}

/** Counted by common/counted.py; uWSGI's stats server may start later than the workers. */
async function uwsgiCounts(port: number): Promise<Counts> {
  await until("uWSGI's stats server listens", () => answers(port), TIMEOUT_MS);
  const { metrics } = await uwsgiStats(port);
  return { calls: metrics.calls.value, jobs: metrics.jobs.value };
}

/** Of uWSGI's stats server. */
export async function uwsgiStats(port: number) {
  return JSON.parse(await text(net.connect(port, '127.0.0.1')));
}
