/** How many polls a request took, for the logs. */

/**
 * @param upstreamStatus `$upstream_status` of the held request, such as `418 : 503, 503, 200`:
 *        the app's signal, then an entry for each try. The first of them only sleeps, and so
 *        does one that finds the deadline passed.
 * @param isTold the last entry is no try: the app was told that the client left
 */
export function pollsOf(upstreamStatus: string, isExpired: boolean, isTold: boolean): number {
  const groups = upstreamStatus.split(' : ');
  const end = isTold ? groups.length - 1 : groups.length;
  let tries = 0;
  for (let i = 1; i < end; i++) {
    tries += (groups[i] as string).split(', ').length;
  }
  return Math.max(tries - (isExpired ? 2 : 1), 0);
}
