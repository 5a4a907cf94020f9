/** What became of a held request, from what its access log knows. */

export interface Ended {
  /** Status of the response. */
  status: number;
  /** What the last attempt said (src/shared/told.ts). */
  outcome: string;
  /** $limit_conn_status is REJECTED. */
  isOverLimit: boolean;
  /** A 303, or a 202, to where the client waits on (src/offload/hop/). */
  isSentOn: boolean;
}

/**
 * `rejected`: past a limit of held clients. `lost`: the waiter or Redis could not be reached.
 * `disconnected`: the client left before its result. `hop`: it waits on in another request.
 */
export type HeldOutcome =
  | 'result'
  | 'timeout'
  | 'refused'
  | 'rejected'
  | 'lost'
  | 'disconnected'
  | 'hop';

/** An error page may have another status, so that the attempt's own word comes first. */
export function outcomeOf(ended: Ended): HeldOutcome {
  if (ended.status === 499) {
    return 'disconnected';
  }
  if (ended.isSentOn) {
    return 'hop';
  }
  if (ended.isOverLimit) {
    return 'rejected';
  }
  switch (ended.outcome) {
    case 'timeout':
    case 'timeout_in_poll':
      return 'timeout';
    case 'refused':
      return 'refused';
  }
  return ended.status === 503 || ended.status === 502 ? 'lost' : 'result';
}

/**
 * How late a result may be: the time from the start of the last poll that had no result to its arrival, as
 * the job ended in between; with one poll, all the time since the signal.
 *
 * @param upstreamTimes `$upstream_response_time` of the held request: `0.010 : 0.503, 1.004, 0.003`, the
 *        app's signal, then each attempt with the pause behind it; seconds
 * @param waited ms since the signal
 * @param polls how many
 * @returns ms
 */
export function latenessOf(upstreamTimes: string, waited: number, polls: number): number {
  if (polls < 2) {
    return polls === 1 ? waited : 0;
  }
  const times = upstreamTimes.split(/ : |, /);
  const count = times.length;
  const late = (Number(times[count - 1]) + Number(times[count - 2])) * 1000;
  return late >= 0 ? Math.min(Math.round(late), waited) : 0;
}
