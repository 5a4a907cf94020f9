/** The nginx releases and engines that a benchmark runs on. */

import { spawnSync } from 'node:child_process';
import { RELEASES } from '../../testkit/matrix.mjs';
import type { Release } from '../../testkit/nginx';
import type { NginxSelection } from './nginx-selection';
import { packageVersions } from './package-versions';
import { setUp } from './set-up';
import { chosen, SettingError } from './settings';

/**
 * Builds the images, and detects the versions and engines of nginx.
 *
 * @param images further images (set-up.ts)
 */
export function findReleases(
  { releases, engine }: NginxSelection,
  images: string[] = [],
): Release[] {
  const names = releases.join(',');
  chosen({ OFFLOAD_MATRIX: names }, 'OFFLOAD_MATRIX', RELEASES);
  setUp([...releases.map((release) => `nginx:${release}`), ...images]);
  const found = releases.flatMap((release) => {
    const versions = packageVersions(`nginx:${release}`, {
      nginx: 'nginx',
      njs: 'libnginx-mod-http-js',
    });
    return enginesOf(release).map((each) => ({ release, ...versions, engine: each }));
  });
  const selected = found.filter((release) => engine === undefined || release.engine === engine);
  if (selected.length === 0) {
    throw new SettingError(`ENGINE=${engine}: not available in nginx of ${names}`);
  }
  return selected;
}

/** Tested with nginx -t, as an njs with js_engine may be built without QuickJS. */
function enginesOf(release: string): Release['engine'][] {
  const conf =
    'load_module modules/ngx_http_js_module.so; events {} http { js_engine qjs; server { listen unix:/tmp/s; } }';
  const { status } = spawnSync('docker', [
    ...['run', '--rm', '--entrypoint', 'sh', `offload-nginx:${release}`],
    ...['-c', `echo '${conf}' >/tmp/c; nginx -t -c /tmp/c`],
  ]);
  return status === 0 ? ['njs', 'qjs'] : ['njs'];
}
