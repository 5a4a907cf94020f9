/**
 * Keys of the shared dictionary `offload_metrics`: a letter for the kind, for a histogram a letter for the
 * bucket, then the values of the labels, separated by spaces. One `incr` of such a key is one observation.
 */

/** What is counted, by the letter. */
export const KINDS = {
  /** Requests: bucket; route, method, class. */
  bucket: 'b',
  /** Their times, in ms: route, method, class. The key exists for each series, and all others before it. */
  sum: 's',
  /** Clients that left: route, when. */
  abort: 'a',
  /** Responses with status 504: route. */
  timeout: 't',
  /** Answers of the cache: route, status. */
  cache: 'c',
  /** Times of a series with status 2xx, for the detector (shift.ts). */
  recent: 'd',
  /** What happened to the metrics themselves: one of EVENTS. */
  event: 'e',
  /** GraphQL: operation, class; its times; a name that has series. */
  operation: 'g',
  operationSum: 'h',
  name: 'n',
  /** Held requests: route, outcome. */
  outcome: 'o',
  /** Their time from signal to end: bucket; route. Its sum in ms. */
  waited: 'w',
  waitedSum: 'v',
  /** Polls, lateness in ms, cancels: route. */
  polls: 'p',
  late: 'l',
  cancel: 'x',
} as const;

export const EVENTS = {
  /** Series, names of operations: how many there are. */
  series: 'series',
  names: 'names',
  /** Requests of series, or operations, beyond the most there may be. */
  folded: 'folded',
  /** Observations for which the zone had no memory. */
  lost: 'lost',
} as const;

/** Series of requests (route, method and class), each of them a histogram; beyond these: ALL_OTHERS. */
export const MOST_SERIES = 500;
export const MOST_OPERATIONS = 100;

/** No name of a route or an operation. */
export const ALL_OTHERS = '(more)';

/** Upper bounds of the buckets in ms; held requests take minutes. */
export const BUCKETS_MS = [
  5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000, 120_000, 300_000,
];
const FIRST_BUCKET = 97;

export function bucketOf(ms: number): string {
  let i = 0;
  while (i < BUCKETS_MS.length && ms > (BUCKETS_MS[i] as number)) {
    i++;
  }
  return String.fromCharCode(FIRST_BUCKET + i);
}

/** @returns the index of a bucket; the last one has no bound */
export function bucketIndex(letter: string): number {
  return letter.charCodeAt(0) - FIRST_BUCKET;
}

/** The keys of a series of requests without its sum. */
export function keysOf(labels: string): string[] {
  const keys = BUCKETS_MS.concat([Number.POSITIVE_INFINITY]).map(
    (ms) => KINDS.bucket + bucketOf(ms) + labels,
  );
  return classIn(labels) === '2xx' ? keys.concat([KINDS.recent + labels]) : keys;
}

/** The class of statuses, the last of a series' labels. */
export function classIn(labels: string): string {
  return labels.slice(labels.lastIndexOf(' ') + 1);
}

/**
 * A map may build names of routes from what clients send: one that is no name is `unreadable`, as in
 * route/http.conf, whose regular expression would cost each request more than all of this.
 */
export function readableLabels(labels: string): string {
  const ends = labels.slice(0, labels.lastIndexOf(' ')).lastIndexOf(' ');
  // not by ^ and $: in njs's own engine, $ is before a newline at the end as well
  const isName = ends > 0 && ends <= 64 && !/[^\w.-]/.test(labels.slice(0, ends));
  return isName ? labels : `unreadable${labels.slice(ends)}`;
}
