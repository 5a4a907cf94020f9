/**
 * Before the integration tests: starts Docker, builds the images and the bundle, and writes
 * matrix.json with the versions of nginx and njs in each image.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chosenReleases } from './matrix.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
// output goes to stderr, as stdout is jest's JSON report
const run = (command, ...args) =>
  execFileSync(command, args, { cwd: root, stdio: ['ignore', 2, 2] });
const runInImage = (release, script) =>
  execFileSync(
    'docker',
    ['run', '--rm', '--entrypoint', 'sh', `offload-nginx:${release}`, '-c', script],
    {
      encoding: 'utf8',
    },
  ).trim();

export default function setUp() {
  const releases = chosenReleases();
  run('build/setup/docker.sh');
  run(
    'build/setup/image.sh',
    ...releases.map((release) => `nginx:${release}`),
    ...['systemd:trixie', 'uwsgi:trixie', 'gunicorn:trixie', 'php-fpm:trixie', 'curl:trixie'],
    'peers:trixie',
    ...['package:trixie', 'systemd:bookworm', 'prometheus:trixie', 'chromium:trixie'],
  );
  // not dist/offload: `make dist` may make that anew while nginx runs on this
  run(
    process.execPath,
    '--import',
    'tsx',
    'build/dist.ts',
    '--out',
    'dist/test/offload',
    '--no-tarball',
  );

  const matrix = releases.flatMap((release) => {
    const nginx = runInImage(release, "nginx -v 2>&1 | sed 's/.*nginx.//; s/ .*//'");
    const njs = runInImage(
      release,
      "dpkg-query -W -f '${Version}' libnginx-mod-http-js | sed 's/[+-].*//'",
    );
    const engines = hasQuickJs(release) ? ['njs', 'qjs'] : ['njs'];
    return engines.map((engine) => ({ release, nginx, njs, engine }));
  });
  mkdirSync(`${root}/dist/test`, { recursive: true });
  writeFileSync(`${root}/dist/test/matrix.json`, JSON.stringify(matrix));
  for (const { release, nginx, njs, engine } of matrix) {
    console.error(`testing on ${release}: nginx ${nginx}, njs ${njs}, engine ${engine}`);
  }
}

/** Tested with nginx -t: njs 0.7.9 has no js_engine, and Debian's 0.8.9 is built without QuickJS. */
function hasQuickJs(release) {
  const conf =
    'load_module modules/ngx_http_js_module.so; events {} http { js_engine qjs; server { listen unix:/tmp/s; } }';
  return (
    runInImage(
      release,
      `echo '${conf}' >/tmp/c; nginx -t -c /tmp/c >/dev/null 2>&1 && echo yes || echo no`,
    ) === 'yes'
  );
}
