/** What a benchmark needs before it starts: Docker, images, the bundle, k6. */

import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { findK6 } from '../k6';
import type { System } from './systems';

export const ROOT = resolve(import.meta.dirname, '../..');

/** The bundle and its snippets, as `make dist` makes them. */
export const BUNDLE = join(ROOT, 'dist/bench/offload');

/** The app's side of all systems. */
export const APP_IMAGE = 'peers:trixie';

export function setUp(systems: System[]): void {
  run('build/setup/docker.sh');
  run('build/setup/image.sh', ...imagesOf(systems));
  run('node', 'build/dist.mjs', '--out', BUNDLE, '--no-tarball');
  findK6();
}

export function imagesOf(systems: System[]): string[] {
  return [...new Set([APP_IMAGE, ...systems.map((system) => system.nginx)])];
}

function run(command: string, ...args: string[]): void {
  execFileSync(command, args, { cwd: ROOT, stdio: 'inherit' });
}
