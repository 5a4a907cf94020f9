/** The Debian package, built from this clone. */

import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Package {
  folder: string;
  /** The path of the .deb in it. */
  file: string;
  remove(): void;
}

/** A folder for each, as tests build at the same time. */
export function buildPackage(): Package {
  const folder = mkdtempSync(join(tmpdir(), 'offload-package-'));
  execFileSync('chmod', ['755', folder]);
  // not those of the last commit, which may be any for lintian
  const env = { ...process.env, DEBFULLNAME: 'The authors', DEBEMAIL: 'authors@offload.example' };
  const file = execFileSync('build/package/deb.sh', [folder], { encoding: 'utf8', env }).trim();
  return { folder, file, remove: () => rmSync(folder, { recursive: true }) };
}

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
