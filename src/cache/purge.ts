/** The file in which nginx stores an answer, by levels=1:2 of proxy_cache_path. */

/** @param digest md5 of the key, in hex */
export function cacheFile(folder: string, digest: string): string {
  return `${folder}/${digest.slice(-1)}/${digest.slice(-3, -1)}/${digest}`;
}

/** @param url scheme, host and URI, as visitors request it */
export function isPurgeable(url: string): boolean {
  const scheme = url.indexOf('http://') === 0 ? 'http://' : 'https://';
  const path = url.indexOf('/', scheme.length);
  return url.indexOf(scheme) === 0 && path > scheme.length;
}
