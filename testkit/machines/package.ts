/** The Debian package, built from this clone. */

import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Package {
  folder: string;
  /** The path of the .deb in it. */
  file: string;
  remove(): void;
}

/** That of this run: set-up.mjs removes that of the run before. */
const BUILT = 'dist/test/package';

/** It is built once in a run: who comes first builds, and the others wait. Each has a folder of its own with it. */
export function builtPackage(): Package {
  const folder = emptyFolder();
  const build = `ls ${BUILT}/*.deb || build/package/deb.sh ${BUILT}; cp ${BUILT}/*.deb '${folder}'`;
  execFileSync('flock', [`${BUILT}.lock`, 'sh', '-ec', build], { env: environment() });
  const [name = ''] = readdirSync(folder);
  return packageIn(folder, join(folder, name));
}

export function buildPackage(): Package {
  const folder = emptyFolder();
  const env = environment();
  const file = execFileSync('build/package/deb.sh', [folder], { encoding: 'utf8', env }).trim();
  return packageIn(folder, file);
}

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'offload-package-'));
  execFileSync('chmod', ['755', folder]);
  return folder;
}

/** Not author and address of the last commit, which may be any for lintian. */
const environment = () => ({
  ...process.env,
  DEBFULLNAME: 'The authors',
  DEBEMAIL: 'authors@offload.example',
});

const packageIn = (folder: string, file: string): Package => ({
  folder,
  file,
  remove: () => rmSync(folder, { recursive: true }),
});

/**
 * Version 0.0.1 of the package beside it.
 *
 * @param other files that have another text there
 * @returns its path
 */
export function buildOlder({ folder, file }: Package, other: string[]): string {
  const content = join(folder, 'older');
  execFileSync('dpkg-deb', ['--raw-extract', file, content]);
  const control = join(content, 'DEBIAN/control');
  writeFileSync(control, readFileSync(control, 'utf8').replace(/^Version: .*$/m, 'Version: 0.0.1'));
  for (const name of other) {
    appendFileSync(join(content, name), '# of 0.0.1\n');
  }
  const older = join(folder, 'older.deb');
  execFileSync('dpkg-deb', ['--build', '--root-owner-group', content, older]);
  return older;
}
