/** Prepares a benchmark: Docker, images, the bundle and the snippets. */

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** A folder for benchmarks only, as tests and `make dist` may rebuild theirs at any time. */
export const BUNDLE = join(process.cwd(), 'dist/bench/offload');

/** @param images names in build/images, each with a release: `nginx:trixie` */
export function setUp(images: string[]): void {
  run('build/setup/docker.sh');
  run('build/setup/image.sh', ...new Set(images));
  run('node', '--import', 'tsx', 'build/dist.ts', '--out', BUNDLE, '--no-tarball');
}

function run(command: string, ...args: string[]): void {
  execFileSync(command, args, { stdio: 'inherit' });
}
