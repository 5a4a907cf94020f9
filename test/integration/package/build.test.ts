/** What deb.sh builds, and what Debian's lintian says of it, hints included. */

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import {
  buildOlder,
  buildPackage,
  builtPackage,
  type Package,
} from '../../../testkit/machines/package';

let built: Package;

beforeAll(() => {
  built = builtPackage();
});

afterAll(() => {
  built.remove();
});

const lintian = (file: string) =>
  execFileSync(
    'docker',
    [
      ...['run', '--rm', '--network', 'none', '--user', '1000:1000'],
      ...['--volume', `${built.folder}:${built.folder}:ro`, 'offload-package:trixie'],
      ...['lintian', '--fail-on', 'none', '--pedantic', '--display-info', '--show-overrides', file],
    ],
    { encoding: 'utf8' },
  ).trim();

test('two builds of a commit are the same file', () => {
  const again = buildPackage();
  expect(readFileSync(again.file).equals(readFileSync(built.file))).toBe(true);
  again.remove();
});

test('lintian finds nothing in the package', () => {
  expect(lintian(built.file)).toBe('');
});

test('lintian finds the file of a package that was changed', () => {
  const older = buildOlder(built, ['usr/share/nginx-offload/http.conf']);
  expect(lintian(older)).toContain('E: nginx-offload: md5sum-mismatch');
});
