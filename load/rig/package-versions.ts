/** Versions of the Debian packages in an image. */

import { execFileSync } from 'node:child_process';

/**
 * @param image one of build/images, with its release: `nginx:trixie`
 * @param packages Debian packages, by the names to return their versions under
 */
export function packageVersions<Name extends string>(
  image: string,
  packages: Record<Name, string>,
): Record<Name, string> {
  const listed = execFileSync(
    'docker',
    [
      ...['run', '--rm', '--entrypoint', 'dpkg-query', `offload-${image}`],
      ...['--show', ...Object.values<string>(packages)],
    ],
    { encoding: 'utf8' },
  );
  const versions = new Map(
    listed
      .trim()
      .split('\n')
      .map((line) => line.split('\t') as [string, string]),
  );
  const found = Object.entries<string>(packages).map(([name, debian]) => [
    name,
    upstreamOf(versions.get(debian) ?? ''),
  ]);
  return Object.fromEntries(found);
}

/** Debian's 1:1.3.7+dfsg-2 is 1.3.7. */
function upstreamOf(version: string): string {
  return version.replace(/^\d+:/, '').replace(/[-+~].*/, '');
}
