/** Ways to distribute requests to the processes of an app; all behind one nginx, in one Emperor. */

import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { call } from '../../testkit/clients/client';
import { until } from '../../testkit/clients/until';
import { filledFile } from '../runner/fill';
import type { Stage } from '../runner/stage';

export const APP_IMAGE = 'peers:trixie';

export interface System {
  /** Its path in nginx, and the prefix of its sockets. */
  name: string;
  title: string;
  /** Number of uWSGI instances. */
  servers: number;
  /** Of each instance. */
  processes: number;
  threads?: number;
  /** One socket for all instances (uWSGI's zerg pool). */
  isShared?: boolean;
  /** A directive in nginx's upstream. */
  balance?: string;
}

const LEAST_CONN = 'include offload/farm/balance.conf;';
const ROUND_ROBIN = 'zone offload_round_robin 1m;';

/** For blocking work. */
export function waiting(all: number): System[] {
  const farm = { servers: all, processes: 1 };
  return [
    { name: 'round-robin', title: 'farm, round robin', ...farm, balance: ROUND_ROBIN },
    { name: 'least', title: 'farm, least_conn', ...farm, balance: LEAST_CONN },
    { name: 'shared', title: 'farm, one socket', ...farm, isShared: true },
    { name: 'pool', title: 'one uWSGI with as many processes', servers: 1, processes: all },
  ];
}

/** For CPU-bound work. */
export function computing(all: number, threads: number): System[] {
  const pool = { servers: 1, processes: all };
  const farm = { servers: all, processes: 1, balance: LEAST_CONN };
  return [
    {
      name: 'threads',
      title: `one uWSGI, ${all} processes × ${threads} threads`,
      ...pool,
      threads,
    },
    { name: 'single', title: `farm of ${all}, least_conn`, ...farm },
    { name: 'processes', title: `one uWSGI, ${all} processes`, ...pool },
  ];
}

/** Starts them and warms each process up. @returns the port of nginx */
export async function serve(systems: System[], release: string, stage: Stage): Promise<number> {
  const { folder } = stage;
  mkdirSync(join(folder, 'vassals'));
  for (const [name, text] of systems.flatMap((system) => vassals(system, folder))) {
    stage.file(`vassals/${name}`, text);
  }
  await stage.start({
    image: APP_IMAGE,
    mounts: { [folder]: folder, '/srv/app/app.py:ro': join(import.meta.dirname, 'app.py') },
    entrypoint: ['uwsgi', '--emperor', join(folder, 'vassals'), '--die-on-term'],
  });
  for (const socket of systems.flatMap((system) => sockets(system, folder))) {
    await until(`uWSGI listens on ${socket}`, () => existsSync(socket), 60_000);
  }
  const { port } = await stage.nginx((its) => configuration(systems, folder, its), {
    image: `nginx:${release}`,
    mounts: { [folder]: folder },
  });
  for (const { name, servers, processes } of systems) {
    const calls = Array.from({ length: 2 * servers * processes }, () =>
      call(port, `/${name}/wait?ms=200`),
    );
    await Promise.all(calls);
  }
  return port;
}

/** @param folder has the sockets; the same path in each container */
export function configuration(systems: System[], folder: string, port: number): string {
  const upstream = (system: System) => `
    upstream ${system.name} {
        ${system.balance ?? ''}
        ${sockets(system, folder)
          .map((socket) => `server unix:${socket} max_fails=3 fail_timeout=1s;`)
          .join('\n        ')}
    }`;
  const location = ({ name }: System) => `
        location /${name}/ {
            rewrite ^/${name}(/.*) $1 break;
            uwsgi_pass ${name};
            include offload/farm/uwsgi.conf;
        }`;
  return filledFile(join(import.meta.dirname, 'nginx.conf'), {
    PORT: port,
    UPSTREAMS: systems.map(upstream).join(''),
    LOCATIONS: systems.map(location).join(''),
  });
}

/** The sockets in nginx's upstream. */
export function sockets({ name, servers, isShared }: System, folder: string): string[] {
  const each = (_: unknown, i: number) => `${folder}/${name}-${i + 1}.sock`;
  return Array.from({ length: isShared ? 1 : servers }, each);
}

/** Names and texts of the configuration files for uWSGI's Emperor. */
export function vassals(system: System, folder: string): [string, string][] {
  const { name, servers, processes, threads = 1, isShared } = system;
  const common = 'master = true\nuid = www-data\ngid = www-data\n';
  const socket = (line: string) => `${line}\nchmod-socket = 660\nlisten = 1000\n`;
  const all = Array.from({ length: servers }, (_, i): [string, string] => [
    `${name}-${i + 1}.ini`,
    `[uwsgi]
plugin = python3
chdir = /srv/app
module = app:app
need-app = true
disable-logging = true
${common}${isShared ? `zerg = ${folder}/zerg.sock\n` : socket(`socket = ${folder}/${name}-${i + 1}.sock`)}
processes = ${processes}
${threads > 1 ? `threads = ${threads}\n` : ''}`,
  ]);
  const [shared] = sockets(system, folder);
  const pool = `[uwsgi]\nplugin = zergpool\n${common}${socket(`zergpool = ${folder}/zerg.sock:${shared}`)}`;
  // the Emperor restarts the servers until the pool has started
  return isShared ? [['pool.ini', pool], ...all] : all;
}
