/**
 * Before the integration tests: starts Docker, removes what killed runs left, builds the images and the
 * bundle, and writes matrix.json with the versions of nginx and njs in each image.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { removeLeft } from '../machines/labels.js';
import { chosenReleases, enginesOf } from '../machines/releases.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
// output goes to stderr, as stdout is jest's JSON report
const run = (command, ...args) =>
  execFileSync(command, args, { cwd: root, stdio: ['ignore', 2, 2] });

export default function setUp() {
  const releases = chosenReleases();
  run('build/setup/docker.sh');
  removeLeft();
  run(
    'build/setup/image.sh',
    // trixie: for its gdb (nginx.ts)
    ...[...releases, 'trixie'].map((release) => `nginx:${release}`),
    ...['systemd:trixie', 'uwsgi:trixie', 'gunicorn:trixie', 'php-fpm:trixie', 'curl:trixie'],
    ...['package:trixie', 'systemd:bookworm', 'redis:trixie', 'dnsmasq:trixie'],
    ...['peers:trixie', 'prometheus:trixie', 'chromium:trixie'],
    'nginx:trixie+libnginx-mod-http-brotli-filter',
    'uwsgi:trixie+python3-django+python3-djangorestframework',
    'redis:trixie+python3-django+python3-djangorestframework',
    'redis:trixie+ruby-rails+puma+ruby-sidekiq+ruby-sqlite3',
    'php-fpm:trixie+php-sqlite3',
    ...['official:forky', 'python:trixie', 'curl:trixie+docker-cli+docker-compose'],
    `curl:trixie+python3-requests${process.env.OFFLOAD_LONG === '1' ? '+golang-go' : ''}`,
  );
  // not dist/offload: `make dist` may make that anew while nginx runs on this
  run(
    ...[process.execPath, '--import', 'tsx', 'build/dist.ts'],
    ...['--out', 'dist/test/offload', '--no-tarball'],
  );

  process.env.OFFLOAD_HOP_KEYS = `${root}/dist/test/offload/hop/keys.conf`;
  run('service/hop-keys.sh');

  // the tests of the package build it anew (testkit/machines/package.ts)
  rmSync(`${root}/dist/test/package`, { recursive: true, force: true });

  const matrix = releases.flatMap(enginesOf);
  mkdirSync(`${root}/dist/test`, { recursive: true });
  writeFileSync(`${root}/dist/test/matrix.json`, JSON.stringify(matrix));
  for (const { release, nginx, njs, engine } of matrix) {
    console.error(`testing on ${release}: nginx ${nginx}, njs ${njs}, engine ${engine}`);
  }
}
