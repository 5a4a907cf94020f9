/** The nginx releases that a benchmark runs on. */

import { spawnSync } from 'node:child_process';
import { RELEASES } from '../../test/harness/matrix.mjs';
import type { Release } from '../../test/harness/nginx';
import { packageVersions } from './package-versions';
import { setUp } from './set-up';
import { chosen, SettingError } from './settings';
import type { Wanted } from './wanted';

/**
 * Sets up what a benchmark of them needs, and asks nginx for its version and engines.
 *
 * @param images beside those of the releases (set-up.ts)
 */
export function findReleases({ releases, engine }: Wanted, images: string[] = []): Release[] {
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
  const wanted = found.filter((release) => engine === undefined || release.engine === engine);
  if (wanted.length === 0) {
    throw new SettingError(`ENGINE=${engine}: no nginx of ${names} has it`);
  }
  return wanted;
}

/** Asked of nginx itself, as not every njs that knows js_engine has QuickJS. */
function enginesOf(release: string): Release['engine'][] {
  const conf =
    'load_module modules/ngx_http_js_module.so; events {} http { js_engine qjs; server { listen unix:/tmp/s; } }';
  const { status } = spawnSync('docker', [
    ...['run', '--rm', '--entrypoint', 'sh', `offload-nginx:${release}`],
    ...['-c', `echo '${conf}' >/tmp/c; nginx -t -c /tmp/c`],
  ]);
  return status === 0 ? ['njs', 'qjs'] : ['njs'];
}
