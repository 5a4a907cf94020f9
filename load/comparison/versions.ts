/** The versions of the compared software, from its images. */

import { execFileSync } from 'node:child_process';
import { findK6 } from '../rig/k6';
import { packageVersions } from '../rig/package-versions';
import { APP_IMAGE, type System } from './systems';

/** Debian packages, by the names in the tables. */
const NGINX = { nginx: 'nginx', njs: 'libnginx-mod-http-js' };
const ALL = {
  ...NGINX,
  'lua-nginx': 'libnginx-mod-http-lua',
  nchan: 'libnginx-mod-nchan',
  uWSGI: 'uwsgi-core',
  gevent: 'python3-gevent',
  Python: 'python3',
  Flask: 'python3-flask',
};

/** @returns versions by name; for an nginx from another image, the name has the image in brackets */
export function versions(systems: System[]): Record<string, string> {
  const k6 = execFileSync(findK6(), ['version'], { encoding: 'utf8' });
  const others = new Set(systems.map(({ nginx }) => nginx).filter((image) => image !== APP_IMAGE));
  const named = [...others].flatMap((image) =>
    Object.entries(packageVersions(image, NGINX)).map(([name, version]) => [
      `${name} (${image})`,
      version,
    ]),
  );
  return {
    ...packageVersions(APP_IMAGE, ALL),
    ...Object.fromEntries(named),
    k6: /v(\S+)/.exec(k6)?.[1] ?? '',
  };
}
