/** Other parsers of a poll's URI: servers, proxies and apps interpret URIs differently. */

/** The URL standard (WHATWG). */
export function readByStandard(uri: string): URL {
  return new URL(uri, 'http://polled-app');
}

/**
 * The segments found by a very lenient parser: it decodes repeatedly, treats a backslash as a slash,
 * ignores parameters after a `;` and resolves dot segments last.
 */
export function readLeniently(uri: string): string[] {
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
