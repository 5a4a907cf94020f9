/** How many polls a request took, for the access log. */

/**
 * @param upstreamStatus `$upstream_status` of the held request, such as `418 : 503, 503, 200`:
 *        the app's signal, then an entry for each try
 * @param counted what the waiter said with its last answer; empty for a client that left
 * @returns the polls; of a client that left, the tries behind the first, which only sleeps
 */
export function pollsOf(upstreamStatus: string, counted: string): number {
  if (/^\d+$/.test(counted)) {
    return Number(counted);
  }
  const groups = upstreamStatus.split(' : ');
  let tries = 0;
  for (let i = 1; i < groups.length; i++) {
    tries += (groups[i] as string).split(', ').length;
  }
  return Math.max(tries - 1, 0);
}
