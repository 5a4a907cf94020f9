/** The set-up scripts, in a Debian where something is missing. */

import { spawnSync } from 'node:child_process';
import { labelArguments } from '../../../testkit/machines/labels.js';
import { matrix, type Release } from '../../../testkit/servers/nginx';

const [{ release }] = matrix as [Release];

const bash = (commands: string) =>
  spawnSync(
    'docker',
    [
      ...['run', '--rm', ...labelArguments()],
      ...['--volume', `${process.cwd()}/build:/project/build:ro`, '--entrypoint', 'bash'],
      ...[`offload-nginx:${release}`, '-c', commands],
    ],
    { encoding: 'utf8' },
  );

/** @param before commands that run before k6.sh */
const k6 = (before: string) => bash(`${before}\n/project/build/setup/k6.sh`);

const remedy = 'Install k6 (https://grafana.com/docs/k6), or Go 1.25 or newer (https://go.dev/dl)';

test('without k6 and Go, the error names what to install', () => {
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

/** As the real one, it fails if another one runs; and it says whether services may be started. */
const APT_GET = `#!/bin/sh
mkdir /apt-get-runs || exit 100
sleep 0.3
[ -e /usr/sbin/policy-rc.d ] || echo 'apt-get may start services' >&2
rmdir /apt-get-runs
`;

test('two scripts that install packages at the same time wait for each other, and neither starts a service', () => {
  const install = `bash -c '. /project/build/setup/messages.sh; install_packages A b'`;
  const { status, stderr } = bash(`
    cat >/usr/bin/apt-get <<'END'
${APT_GET}END
    ${install} & first=$!
    ${install} && wait $first && [ ! -e /usr/sbin/policy-rc.d ]`);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});
