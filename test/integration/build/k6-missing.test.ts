/** build/setup/k6.sh on a Debian without k6. */

import { spawnSync } from 'node:child_process';
import { labelArguments } from '../../../testkit/labels.js';
import { matrix, type Release } from '../../../testkit/nginx';

const [{ release }] = matrix as [Release];

/** @param before commands that run before k6.sh */
const k6 = (before: string) =>
  spawnSync(
    'docker',
    [
      ...['run', '--rm', ...labelArguments()],
      ...['--volume', `${process.cwd()}/build:/project/build:ro`, '--entrypoint', 'bash'],
      ...[`offload-nginx:${release}`, '-c', `${before}\n/project/build/setup/k6.sh`],
    ],
    { encoding: 'utf8' },
  );

const remedy = 'Install k6 (https://grafana.com/docs/k6), or Go 1.25 or newer (https://go.dev/dl)';

test('without Go, the error names what to install', () => {
  const { status, stdout, stderr } = k6('');
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toContain('k6 is not on PATH, and Go is missing to build it');
  expect(stderr).toContain(remedy);
});

test('a Go that is too old is an error before anything is downloaded', () => {
  const { status, stderr } = k6(
    `printf '#!/bin/sh\\necho go1.24.13\\n' >/usr/bin/go; chmod +x /usr/bin/go`,
  );
  expect(status).toBe(1);
  expect(stderr).toContain('k6 is not on PATH, and go1.24.13 is too old to build it');
  expect(stderr).toContain(remedy);
});

test('k6 on PATH is used', () => {
  const { status, stdout } = k6('touch /usr/local/bin/k6; chmod +x /usr/local/bin/k6');
  expect({ status, stdout }).toEqual({ status: 0, stdout: '/usr/local/bin/k6\n' });
});
