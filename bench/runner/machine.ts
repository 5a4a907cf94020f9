/** The machine of a benchmark and the software on it, for its results; Docker, images and the bundle. */

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { enginesOf, versionsOf } from '../../testkit/machines/releases.js';
import type { Release } from '../../testkit/servers/nginx';
import type { AnyBenchmark } from './definition';
import { findK6 } from './k6';
import { SettingError } from './settings';

export interface Machine {
  cores: number;
  cpu: string;
  memoryGiB: number;
  kernel: string;
  /** Load average (1 min) at the start: other work makes the figures worse. */
  loadBefore: number;
}

/** A folder for benchmarks only, as tests and `make dist` may rebuild theirs at any time. */
export const BUNDLE = join(process.cwd(), 'dist/bench/offload');

/** Debian packages, by the names in the tables. */
const SOFTWARE: Record<string, string> = {
  nginx: 'nginx',
  njs: 'libnginx-mod-http-js',
  'lua-nginx': 'libnginx-mod-http-lua',
  nchan: 'libnginx-mod-nchan',
  uWSGI: 'uwsgi-core',
  gevent: 'python3-gevent',
  Python: 'python3',
  Flask: 'python3-flask',
  uvicorn: 'uvicorn',
  Starlette: 'python3-starlette',
  Redis: 'redis-server',
  'redis-py': 'python3-redis',
  Pushpin: 'pushpin',
  gunicorn: 'gunicorn',
};

/** @param images from build/images, such as nginx:trixie */
export function setUp(images: string[]): void {
  const run = (command: string, ...args: string[]) =>
    execFileSync(command, args, { stdio: 'inherit' });
  run('build/setup/docker.sh');
  run('build/setup/image.sh', ...new Set(images));
  run('node', '--import', 'tsx', 'build/dist.ts', '--out', BUNDLE, '--no-tarball');
}

export function machine(): Machine {
  return {
    cores: cpus().length,
    cpu: cpus()[0]?.model ?? 'unknown',
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    loadBefore: Number(readFileSync('/proc/loadavg', 'utf8').split(' ')[0]),
  };
}

/**
 * @param images the first that has a software names it; another version of another image has that image
 *   in brackets
 */
export function versions(images: string[], { software, usesK6 }: Partial<AnyBenchmark>) {
  const found: Record<string, string> = {};
  for (const image of new Set(images)) {
    // a package that an image was made with (system.yaml) is named as it is
    const added = image.split('+').slice(1);
    const names = [...(software ?? ['nginx', 'njs']), ...added];
    const debian = (name: string) => SOFTWARE[name] ?? name;
    const its = versionsOf(tagOf(image), names.map(debian));
    for (const name of names) {
      const version = its[debian(name)];
      if (version !== undefined && found[name] === undefined) {
        found[name] = version;
      } else if (version !== undefined && found[name] !== version) {
        found[`${name} (${image})`] = version;
      }
    }
  }
  const k6 = usesK6 ? execFileSync(findK6(), ['version'], { encoding: 'utf8' }) : '';
  const [, ofK6] = /v(\S+)/.exec(k6) ?? [];
  return { ...found, ...(ofK6 === undefined ? {} : { k6: ofK6 }) };
}

/** Docker's name of an image, as build/setup/image.sh has it. */
export function tagOf(image: string): string {
  return `offload-${image.replaceAll('+', '_')}`;
}

/** The nginx of these Debian releases, whose images are built. */
export function findReleases(releases: string[], engine?: Release['engine']): Release[] {
  const all = releases.flatMap(enginesOf);
  const found = all.filter((each) => engine === undefined || each.engine === engine);
  if (found.length === 0) {
    throw new SettingError(`ENGINE=${engine}: not available in nginx of ${releases}`);
  }
  return found;
}

/** `2026-01-31, 2 cores (A Processor), 24 GiB, Linux 6.1.0, load 0.5 before; nginx 1.26.3` */
export function describe(results: {
  taken: string;
  machine: Machine;
  versions: Record<string, string>;
}): string {
  const { cores, cpu, memoryGiB, kernel, loadBefore } = results.machine;
  const software = Object.entries(results.versions).map(([name, version]) => `${name} ${version}`);
  const where = `${results.taken.slice(0, 10)}, ${cores} cores (${cpu}), ${memoryGiB} GiB, Linux ${kernel}, load ${loadBefore} before`;
  return software.length === 0 ? where : `${where}; ${software.join(', ')}`;
}

/** `1.26.3, njs 0.8.9, QuickJS` */
export function releaseName({ nginx, njs, engine }: Release): string {
  return `${nginx}, njs ${njs}, ${engine === 'qjs' ? 'QuickJS' : "njs's own engine"}`;
}
