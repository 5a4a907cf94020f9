/** Where a benchmark ran, and on what. */

import { execFileSync } from 'node:child_process';
import { cpus, release, totalmem } from 'node:os';
import { findK6 } from '../k6';
import type { Machine } from './results';
import { APP_IMAGE } from './set-up';
import type { System } from './systems';

/** What a table of results names, and the Debian packages that have it. */
const PACKAGES = {
  nginx: 'nginx',
  njs: 'libnginx-mod-http-js',
  'lua-nginx': 'libnginx-mod-http-lua',
  nchan: 'libnginx-mod-nchan',
  uWSGI: 'uwsgi-core',
  gevent: 'python3-gevent',
  Python: 'python3',
  Flask: 'python3-flask',
};

export function machine(): Machine {
  return {
    cores: cpus().length,
    cpu: cpus()[0]?.model ?? 'unknown',
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
  };
}

export function versions(systems: System[]): Record<string, string> {
  const [, k6Version = ''] = /v(\S+)/.exec(run(findK6(), 'version')) ?? [];
  const others = new Set(
    systems.map((system) => system.nginx).filter((name) => name !== APP_IMAGE),
  );
  return {
    ...versionsIn(APP_IMAGE, Object.keys(PACKAGES)),
    ...Object.assign(
      {},
      ...[...others].map((image) => {
        const found = Object.entries(versionsIn(image, ['nginx', 'njs']));
        return Object.fromEntries(found.map(([name, version]) => [`${name} (${image})`, version]));
      }),
    ),
    k6: k6Version,
  };
}

function versionsIn(image: string, names: string[]): Record<string, string> {
  const packages = names.map((name) => PACKAGES[name as keyof typeof PACKAGES]);
  const lines = run(
    ...['docker', 'run', '--rm', '--entrypoint', 'dpkg-query', `offload-${image}`],
    ...['--show', ...packages],
  ).split('\n');
  return Object.fromEntries(
    names.map((name, at) => {
      const [, version = ''] =
        lines.map((line) => line.split('\t')).find(([found]) => found === packages[at]) ?? [];
      return [name, upstreamOf(version)];
    }),
  );
}

/** Debian's 1:1.3.7+dfsg-2 is 1.3.7. */
function upstreamOf(version: string): string {
  return version.replace(/^\d+:/, '').replace(/[-+~].*/, '');
}

function run(command: string, ...args: string[]): string {
  return execFileSync(command, args, { encoding: 'utf8' }).trim();
}
