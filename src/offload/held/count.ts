/** How many polls a request took, for the logs. */

/**
 * @param upstreamStatus `$upstream_status` of the held request, such as `418 : 503, 503, 200`: the
 *        app's signal, then an entry for each attempt. The first attempt only pauses.
 * @param from index of the first entry, between colons, that is of attempts to poll
 * @param isTimeout the last attempt found that the timeout had passed, and made no poll
 * @param isCancelled the last entry is no attempt: it is the cancel
 */
export function countPolls(
  upstreamStatus: string,
  from: number,
  isTimeout: boolean,
  isCancelled: boolean,
): number {
  const groups = upstreamStatus.split(' : ');
  const end = isCancelled ? groups.length - 1 : groups.length;
  let attempts = 0;
  for (let i = from; i < end; i++) {
    attempts += (groups[i] as string).split(', ').length;
  }
  return Math.max(attempts - (isTimeout ? 2 : 1), 0);
}
