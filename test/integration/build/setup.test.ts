/** The set-up scripts, in a Debian where something is missing. */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

const messages = '. /project/build/setup/messages.sh';

test('a step that takes over 2 s says how far it is: its newest line', () => {
  const { stdout } = bash(`${messages}
    { echo short; } | progress first
    { echo older; echo newest; sleep 3; } | progress second
    { false; } | progress third || echo failed`);
  expect(stdout).toMatch(/^.*==>\S* second: newest\nfailed\n$/);
});

test('apt-get says how far it is in percent, and its failure is one', () => {
  const { status, stdout, stderr } = bash(`
    cat >/usr/bin/apt-get <<'END'
#!/bin/sh
echo not said
echo dlstatus:2:23.4567:Retrieving file 2 of 9 >&9
sleep 3
exit 100
END
    ${messages}; install_packages A b`);
  expect(stdout.split('\n').slice(1)).toEqual([
    expect.stringMatching(/==>\S* apt-get: 23 %, Retrieving file 2 of 9$/),
    '',
  ]);
  expect(stderr).toContain('could not install: b');
  expect(status).toBe(1);
});

test('nginx and all packages of an example are installed at once; without root, the error names them', () => {
  const { status, stdout, stderr } = bash(`
    rm -r /usr/lib/nginx/modules/ngx_http_js_module.so
    setpriv --reuid nobody --clear-groups /project/build/setup/nginx.sh bash uwsgi-core python3-flask`);
  const missing = 'nginx libnginx-mod-http-js uwsgi-core python3-flask';
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toContain(`The example requires: ${missing}`);
  expect(stderr).toContain(`Run: sudo apt-get install ${missing}`);
});

test('Ctrl-C leaves nothing behind that keeps services from starting', () => {
  const { status, stdout } = bash(`
    cat >/usr/bin/apt-get <<'END'
#!/bin/sh
echo "before: $(ls /usr/sbin/policy-rc.d)" >/log
kill -INT 0
END
    chmod +x /usr/bin/apt-get
    setsid --wait bash -c '${messages}; install_packages A b; echo goes on' | grep -v ==
    cat /log; [ ! -e /usr/sbin/policy-rc.d ]`);
  expect({ status, stdout }).toEqual({ status: 0, stdout: 'before: /usr/sbin/policy-rc.d\n' });
});

/** Runs node-modules.sh where npm is this script. */
function nodeModules(npm: string) {
  const folder = mkdtempSync(join(tmpdir(), 'offload-test-'));
  try {
    writeFileSync(join(folder, 'npm'), `#!/bin/sh\n${npm}\n`, { mode: 0o755 });
    return spawnSync('build/setup/node-modules.sh', ['what the build needs', '--omit=dev'], {
      encoding: 'utf8',
      env: { ...process.env, PATH: `${folder}:${process.env.PATH}` },
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('npm says how many packages it has downloaded of how many', () => {
  const { stdout, status } = nodeModules(`
    echo npm http fetch GET 200 https://registry.example/@swc%2fcore 553ms >&2
    echo npm http fetch GET 200 https://registry.example/tsx/-/tsx-4.0.0.tgz 171ms >&2
    echo npm http fetch GET 200 https://registry.example/esbuild/-/esbuild-0.1.0.tgz 171ms >&2
    sleep 3`);
  expect(stdout.split('\n').slice(1)).toEqual([
    expect.stringMatching(/==>\S* npm: 2 of [1-9] packages$/),
    '',
  ]);
  expect(status).toBe(0);
});

test('if npm fails, what it said is shown', () => {
  const { stderr, status } = nodeModules(`
    echo npm http fetch GET 404 https://registry.example/tsx 553ms >&2
    echo npm error code E404 >&2
    exit 1`);
  expect(stderr).toMatch(/^npm error code E404\n.*npm install failed\n/);
  expect(status).toBe(1);
});
