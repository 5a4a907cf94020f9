/**
 * The Debian releases whose nginx the integration tests run on: versions of its packages, and the
 * engines that its njs has.
 *
 * OFFLOAD_MATRIX=trixie,forky selects releases; default: all.
 */
import { spawnSync } from 'node:child_process';

export const RELEASES = ['bookworm', 'trixie', 'forky'];

export function chosenReleases() {
  const chosen = process.env.OFFLOAD_MATRIX ? process.env.OFFLOAD_MATRIX.split(',') : RELEASES;
  const unknown = chosen.filter((release) => !RELEASES.includes(release));
  if (unknown.length > 0) {
    throw new Error(`OFFLOAD_MATRIX: unknown release: ${unknown}; known releases: ${RELEASES}`);
  }
  return chosen;
}

/**
 * @param {string} image offload-NAME:RELEASE
 * @param {string[]} packages of Debian
 * @returns {Record<string, string>} upstream's versions of those that are installed, by package
 */
export function versionsOf(image, packages) {
  const { stdout } = spawnSync(
    'docker',
    [
      ...['run', '--rm', '--entrypoint', 'dpkg-query', image],
      ...['--show', '--showformat', '${Package} ${Version}\\n', ...packages],
    ],
    { encoding: 'utf8' },
  );
  return Object.fromEntries(
    stdout
      .split('\n')
      .map((line) => line.split(' '))
      .filter(([, version]) => version)
      // Debian's 1:1.3.7+dfsg-2 is 1.3.7
      .map(([name, version]) => [name, version.replace(/^\d+:/, '').replace(/[-+~].*/, '')]),
  );
}

/**
 * Those of a Debian release, with each engine of its njs.
 *
 * @param {string} release
 * @returns {{ release: string, nginx: string, njs: string, engine: 'njs' | 'qjs' }[]}
 */
export function enginesOf(release) {
  const image = `offload-nginx:${release}`;
  const { nginx = '', 'libnginx-mod-http-js': njs = '' } = versionsOf(image, [
    'nginx',
    'libnginx-mod-http-js',
  ]);
  return (hasQuickJs(image) ? ['njs', 'qjs'] : ['njs']).map((engine) => ({
    release,
    nginx,
    njs,
    engine: /** @type {'njs' | 'qjs'} */ (engine),
  }));
}

/** Tested with nginx -t: njs 0.7.9 has no js_engine, and Debian's 0.8.9 is built without QuickJS. */
function hasQuickJs(/** @type {string} */ image) {
  const conf =
    'load_module modules/ngx_http_js_module.so; events {} http { js_engine qjs; server { listen unix:/tmp/s; } }';
  const { status } = spawnSync('docker', [
    ...['run', '--rm', '--entrypoint', 'sh', image],
    ...['-c', `echo '${conf}' >/tmp/c; nginx -t -c /tmp/c`],
  ]);
  return status === 0;
}
