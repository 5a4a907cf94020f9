/** The image of `make image`, and images that are made with it as docs/containers.md shows. */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { labelArguments } from './labels.js';

const ROOT = process.cwd();

/** Not nginx-offload, which is the user's own; each jest worker process has another. */
const IMAGE = `offload-test-${process.env.OFFLOAD_RUN ?? process.pid}-${process.env.JEST_WORKER_ID ?? 0}`;

export class Images {
  private readonly names = [IMAGE, `${IMAGE}:${version()}`];

  private constructor(readonly name: string) {}

  /** Builds the image to copy from. */
  static build(): Images {
    execFileSync('build/package/image.sh', {
      cwd: ROOT,
      env: { ...process.env, OFFLOAD_IMAGE: IMAGE },
    });
    return new Images(IMAGE);
  }

  /**
   * An image with nginx.
   *
   * @param dockerfile of docs/containers.md; this machine has other images in place of those of a registry
   * @param files texts of the files that it copies
   */
  with(dockerfile: string, files: Record<string, string>): string {
    const name = `${IMAGE}-${this.names.length}`;
    const here = dockerfile
      .replace(/^FROM nginx\S*/m, 'FROM offload-official:forky')
      .replace(/--from=nginx-offload /g, `--from=${IMAGE} `);
    const folder = mkdtempSync(join(tmpdir(), 'offload-image-'));
    for (const [file, text] of Object.entries({ ...files, Dockerfile: here })) {
      writeFileSync(join(folder, file), text);
    }
    execFileSync('docker', ['build', '--quiet', ...labelArguments(), '--tag', name, folder], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    rmSync(folder, { recursive: true });
    this.names.push(name);
    return name;
  }

  /** The image to copy from, by all of its names. */
  removeBase(): void {
    removeImages(this.names.slice(0, 2));
  }

  remove(): void {
    removeImages(this.names);
  }
}

const removeImages = (names: string[]) =>
  execFileSync('docker', ['image', 'rm', '--force', ...names], { stdio: 'ignore' });

export const version = (): string =>
  JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).version;

/** The blocks of docs/containers.md in a language, such as Dockerfile. */
export function shown(language: string): string[] {
  const page = readFileSync(join(ROOT, 'docs/containers.md'), 'utf8');
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms'))].map(
    ([, text = '']) => text,
  );
}
