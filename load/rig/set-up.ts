/** What a benchmark needs before it starts: Docker, images, the bundle with its snippets. */

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** Of the benchmarks' own: tests and `make dist` may make theirs anew meanwhile. */
export const BUNDLE = join(process.cwd(), 'dist/bench/offload');

/** @param images of build/images, each with its release: `nginx:trixie` */
export function setUp(images: string[]): void {
  run('build/setup/docker.sh');
  run('build/setup/image.sh', ...new Set(images));
  run('node', '--import', 'tsx', 'build/dist.ts', '--out', BUNDLE, '--no-tarball');
}

function run(command: string, ...args: string[]): void {
  execFileSync(command, args, { stdio: 'inherit' });
}
