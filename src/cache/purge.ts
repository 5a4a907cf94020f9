/** What a purge removes, and which answers it keeps from being stored afterwards. */

/**
 * How far a file's time may be behind the clock that nginx reads, in ms: the kernel sets it by a clock that
 * ticks every 10 ms at most.
 */
const CLOCK_ERROR = 20;

/** From the mark of a purge to its end, in ms: what is requested after it began after the mark, beyond doubt. */
export const PURGE_TIME = 30;

/** How long an answer is kept for requests that waited, in ms: 5 s in nginx/cache/http.conf, of whole seconds. */
export const KEPT_TIME = 6000;

/** The folder in which nginx stores an answer, by levels=1:2 of proxy_cache_path. */
export function cacheFolder(folder: string, digest: string): string {
  return `${folder}/${digest.slice(-1)}/${digest.slice(-3, -1)}`;
}

/** @param name of a file in that folder: as long as nginx receives the answer, a number follows the digest */
export function isPart(name: string, digest: string): boolean {
  return name.startsWith(`${digest}.`);
}

/** @param url scheme, host and URI, as visitors request it */
export function isPurgeable(url: string): boolean {
  const scheme = url.indexOf('http://') === 0 ? 'http://' : 'https://';
  const path = url.indexOf('/', scheme.length);
  return url.indexOf(scheme) === 0 && path > scheme.length;
}

/**
 * The files whose time is that of the last purge: of all answers, and of this one. There are 4096 at most, so a
 * purge marks other answers too: those that are being fetched are served, but not stored.
 */
export function marksOf(folder: string, digest: string): string[] {
  return [`${folder}/all`, `${folder}/${digest.slice(-3)}`];
}

/**
 * When nginx began to fetch an answer whose header it has just read, in ms since 1970.
 *
 * @param now $msec
 * @param headerTimes $upstream_header_time: in seconds, one for each upstream
 */
export function fetchBegan(now: string, headerTimes: string): number {
  const last = headerTimes.slice(headerTimes.lastIndexOf(' ') + 1);
  // not Number(), for which an empty text is 0
  return (parseFloat(now) - parseFloat(last)) * 1000;
}

/**
 * @param mark time of the mark's file, in ms
 * @param began as fetchBegan returns it; what is no number counts as earlier
 */
export function isPurgedSince(mark: number, began: number): boolean {
  return !(began > mark + CLOCK_ERROR);
}
