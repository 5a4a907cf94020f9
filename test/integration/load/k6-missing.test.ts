/** build/setup/k6.sh where k6 can't be had, on a Debian without it. */

import { spawnSync } from 'node:child_process';
import { matrix, type Release } from '../../harness/nginx';

const [{ release }] = matrix as [Release];

/** @param before what the machine has in the place of Go */
const k6 = (before: string) =>
  spawnSync(
    'docker',
    [
      ...['run', '--rm', '--label', `nginx-offload.test=${process.cwd()}`],
      ...['--volume', `${process.cwd()}/build:/project/build:ro`, '--entrypoint', 'bash'],
      ...[`offload-nginx:${release}`, '-c', `${before}\n/project/build/setup/k6.sh`],
    ],
    { encoding: 'utf8' },
  );

const wayOut = 'Install k6 (https://grafana.com/docs/k6), or Go 1.25 or newer (https://go.dev/dl)';

test('without Go, it says what to install', () => {
  const { status, stdout, stderr } = k6('');
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toContain('no k6 is on PATH, and no Go to build it with');
  expect(stderr).toContain(wayOut);
});

test('with a Go that is too old, it says so before anything is fetched', () => {
  const { status, stderr } = k6(
    `printf '#!/bin/sh\\necho go1.24.13\\n' >/usr/bin/go; chmod +x /usr/bin/go`,
  );
  expect(status).toBe(1);
  expect(stderr).toContain('no k6 is on PATH, and go1.24.13 is too old to build it with');
  expect(stderr).toContain(wayOut);
});

test('a k6 on PATH is the one that is used', () => {
  const { status, stdout } = k6('touch /usr/local/bin/k6; chmod +x /usr/local/bin/k6');
  expect({ status, stdout }).toEqual({ status: 0, stdout: '/usr/local/bin/k6\n' });
});
