/** How others may read the target of a poll: servers, proxies and apps that differ in it. */

/** By the standard that browsers follow, on a server of its own. */
export function readByStandard(uri: string): URL {
  return new URL(uri, 'http://polled-app');
}

/**
 * Segments as the most naive of apps has them: it decodes whatever can be decoded, as long as
 * there is something to decode, takes a backslash for a slash, drops what follows a `;` and
 * resolves the dots at last.
 */
export function readNaively(uri: string): string[] {
  let path = uri.split(/[?#]/)[0] as string;
  for (let before = ''; before !== path; ) {
    before = path;
    path = path.replace(/%([\da-f]{2})/gi, (_all, hex) => String.fromCharCode(parseInt(hex, 16)));
  }
  const segments: string[] = [];
  for (const segment of path.replaceAll('\\', '/').split('/').slice(1)) {
    const name = segment.split(';')[0];
    if (name === '..') {
      segments.pop();
    } else if (name !== '.') {
      segments.push(segment);
    }
  }
  return segments;
}
