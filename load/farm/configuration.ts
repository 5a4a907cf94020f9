/** Configurations of nginx and of the systems' uWSGI. */

import type { System } from './systems';

/** @param folder has the sockets; the same path in each container */
export function configuration(systems: System[], folder: string, port: number): string {
  return `
user www-data;
worker_processes 2;
error_log /var/log/offload/error.log;
pid /run/nginx.pid;
events { worker_connections 4096; }
http {
    access_log off;
${systems.map((system) => upstream(system, folder)).join('')}
    server {
        listen 127.0.0.1:${port} backlog=4096;
${systems.map(location).join('')}
    }
}
`;
}

function upstream(system: System, folder: string): string {
  const servers = sockets(system, folder).map(
    (socket) => `server unix:${socket} max_fails=3 fail_timeout=1s;`,
  );
  return `
    upstream ${system.name} {
        ${[system.balance, ...servers].join('\n        ')}
    }`;
}

function location({ name }: System): string {
  return `
        location /${name}/ {
            rewrite ^/${name}(/.*) $1 break;
            include uwsgi_params;
            uwsgi_pass ${name};
            include offload/farm/uwsgi.conf;
        }`;
}

/** The sockets in nginx's upstream. */
export function sockets({ name, servers, isShared }: System, folder: string): string[] {
  return Array.from(
    { length: isShared ? 1 : servers },
    (_, i) => `${folder}/${name}-${i + 1}.sock`,
  );
}

/** Names and texts of the configuration files for uWSGI's Emperor. */
export function vassals(system: System, folder: string): [string, string][] {
  const { name, servers, processes, threads, isShared } = system;
  const [shared] = sockets(system, folder);
  const all = Array.from({ length: servers }, (_, i): [string, string] => [
    `${name}-${i + 1}.ini`,
    `[uwsgi]
plugin = python3
chdir = /srv/app
module = app:app
master = true
need-app = true
disable-logging = true
uid = www-data
gid = www-data
${isShared ? `zerg = ${folder}/zerg.sock` : socketOf(`socket = ${folder}/${name}-${i + 1}.sock`)}
processes = ${processes}
${threads > 1 ? `threads = ${threads}\n` : ''}`,
  ]);
  if (!isShared) {
    return all;
  }
  const pool = `[uwsgi]
plugin = zergpool
master = true
uid = www-data
gid = www-data
${socketOf(`zergpool = ${folder}/zerg.sock:${shared}`)}
`;
  // the Emperor restarts the servers until the pool has started
  return [['pool.ini', pool], ...all];
}

function socketOf(line: string): string {
  return `${line}\nchmod-socket = 660\nlisten = 1000`;
}
