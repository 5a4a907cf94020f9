/** How many polls a request took, for the logs. */

/**
 * @param upstreamStatus `$upstream_status` of the held request, such as `418 : 503, 503, 200`:
 *        the app's signal, then an entry for each try. The first of them only sleeps, and so
 *        does one that finds the deadline passed.
 */
export function pollsOf(upstreamStatus: string, isExpired: boolean): number {
  const groups = upstreamStatus.split(' : ');
  let tries = 0;
  for (let i = 1; i < groups.length; i++) {
    tries += (groups[i] as string).split(', ').length;
  }
  return Math.max(tries - (isExpired ? 2 : 1), 0);
}
