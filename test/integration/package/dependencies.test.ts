/** Which njs the package accepts: not those that docs/operations.md says to avoid. */

import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtPackage, type Package } from '../../../testkit/machines/package';

const ACCEPTED = [
  ...[
    '0.7.9-2',
    '0.8.0-1',
    '0.8.5-1',
    '0.8.7-1',
    '0.8.9-1',
    '0.8.10-1+b1',
    '0.9.1-1',
    '0.9.3-1',
    '0.9.4-1',
  ],
  ...['1.0.0-1~bpo13+1', '1.0.2-2'],
];
const REFUSED = ['0.7.8-1', '0.8.1-1', '0.8.4-2', '0.8.6-1', '0.9.2-1', '0.9.5-1', '0.9.9-1+b1'];

let built: Package;
/** The names of the lists of installed packages that satisfy it. */
let satisfied: string[];

const installed = (name: string, version: string) =>
  `Package: ${name}\nStatus: install ok installed\nArchitecture: all\nVersion: ${version}\n\n`;

beforeAll(() => {
  built = builtPackage();
  const depends = execFileSync('dpkg-deb', ['--field', built.file, 'Depends'], {
    encoding: 'utf8',
  });
  const lists = [...ACCEPTED, ...REFUSED].map((version) => ({
    name: version,
    packages: installed('nginx', '1.22.1-9') + installed('libnginx-mod-http-js', version),
  }));
  lists.push({
    name: 'nginx.org',
    packages:
      installed('nginx', '1.30.0-1~trixie') +
      installed('nginx-module-njs', '1.30.0+1.0.0-1~trixie'),
  });
  lists.push({ name: 'none', packages: installed('nginx', '1.30.0-1~trixie') });
  for (const { name, packages } of lists) {
    mkdirSync(join(built.folder, name));
    writeFileSync(join(built.folder, name, 'status'), packages);
  }
  const output = execFileSync(
    'docker',
    [
      ...['run', '--rm', '--network', 'none', '--volume', `${built.folder}:${built.folder}:ro`],
      ...['--workdir', built.folder, '--env', `DEPENDS=${depends.trim()}`],
      ...['offload-package:trixie', 'sh', '-c'],
      `for list in *; do
         dpkg-checkbuilddeps -I -d "$DEPENDS" --admindir="$PWD/$list" /dev/null 2>/dev/null && echo "$list"
       done; true`,
    ],
    { encoding: 'utf8' },
  );
  satisfied = output.trim().split('\n');
});

afterAll(() => {
  built.remove();
});

test.each(ACCEPTED)('njs %s is accepted', (version) => {
  expect(satisfied).toContain(version);
});

test.each(REFUSED)('njs %s is refused', (version) => {
  expect(satisfied).not.toContain(version);
});

test("nginx.org's package of njs is accepted, none is not", () => {
  expect(satisfied).toContain('nginx.org');
  expect(satisfied).not.toContain('none');
});
