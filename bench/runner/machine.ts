/** The machine of a benchmark and the software on it, for its results; Docker, images and the bundle. */

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { findK6 } from '../../testkit/clients/k6';
import { versionsOf } from '../../testkit/machines/releases.js';

/** A folder for benchmarks only, as tests and `make dist` may rebuild theirs at any time. */
export const BUNDLE = join(process.cwd(), 'dist/bench/offload');

/** Debian packages, by the names in the tables. */
const SOFTWARE: Record<string, string> = {
  ...{ nginx: 'nginx', njs: 'libnginx-mod-http-js', 'lua-nginx': 'libnginx-mod-http-lua' },
  ...{ nchan: 'libnginx-mod-nchan', uWSGI: 'uwsgi-core', gevent: 'python3-gevent' },
  ...{ Python: 'python3', Flask: 'python3-flask', Starlette: 'python3-starlette' },
  ...{ Redis: 'redis-server', 'redis-py': 'python3-redis', Pushpin: 'pushpin' },
};

/** @param images from build/images, such as nginx:trixie */
export function setUp(images: string[], usesK6 = false): void {
  const run = (command: string, ...args: string[]) =>
    execFileSync(command, args, { stdio: 'inherit' });
  run('build/setup/docker.sh');
  run('build/setup/image.sh', ...new Set(images));
  run('node', '--import', 'tsx', 'build/dist.ts', '--out', BUNDLE, '--no-tarball');
  process.env.OFFLOAD_HOP_KEYS = join(BUNDLE, 'hop/keys.conf');
  run('service/hop-keys.sh');
  if (usesK6) {
    findK6();
  }
}

export type Machine = ReturnType<typeof machine>;

export function machine() {
  return {
    cores: cpus().length,
    cpu: cpus()[0]?.model ?? 'unknown',
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    // load average (1 min) at the start: other work makes the figures worse
    loadBefore: Number(readFileSync('/proc/loadavg', 'utf8').split(' ')[0]),
  };
}

/**
 * @param images the first that has a software names it; another version of another image has that image
 *   in brackets
 */
export function versions(images: string[], software = ['nginx', 'njs'], usesK6 = false) {
  const found: Record<string, string> = {};
  for (const image of new Set(images)) {
    // a package that an image was made with (system.yaml) is named as it is
    const names = [...software, ...image.split('+').slice(1)];
    const debian = (name: string) => SOFTWARE[name] ?? name;
    const its = versionsOf(tagOf(image), names.map(debian));
    for (const name of names) {
      const version = its[debian(name)];
      if (version !== undefined) {
        const isOther = found[name] !== undefined && found[name] !== version;
        found[isOther ? `${name} (${image})` : name] = version;
      }
    }
  }
  if (usesK6) {
    const output = execFileSync(findK6(), ['version'], { encoding: 'utf8' });
    found.k6 = /v(\S+)/.exec(output)?.[1] ?? 'unknown';
  }
  return found;
}

/** Docker's name of an image, as build/setup/image.sh has it. */
export function tagOf(image: string): string {
  return `offload-${image.replaceAll('+', '_')}`;
}

/** `2026-01-31, 2 cores (A Processor), 24 GiB, Linux 6.1.0, load 0.5 before; nginx 1.26.3` */
export function describe(its: {
  taken: string;
  machine: Machine;
  versions: Record<string, string>;
}): string {
  const { cores, cpu, memoryGiB, kernel, loadBefore } = its.machine;
  const software = Object.entries(its.versions).map(([name, version]) => `${name} ${version}`);
  const where = `${its.taken.slice(0, 10)}, ${cores} cores (${cpu}), ${memoryGiB} GiB, Linux ${kernel}`;
  return [`${where}, load ${loadBefore} before`, software.join(', ')].filter(Boolean).join('; ');
}
