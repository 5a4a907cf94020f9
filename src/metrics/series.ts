/** A series: the keys that it is counted by (families.ts has their letters), and the values of its labels. */

import { Kind } from './families';

/** Upper bounds of the buckets in ms, by the letter; held requests take minutes. The last bucket, p, has none. */
// biome-ignore format: a table
export enum Bound {
  a = 5, b = 10, c = 25, d = 50, e = 100, f = 250, g = 500, h = 1000, i = 2500, j = 5000,
  k = 10_000, l = 30_000, m = 60_000, n = 120_000, o = 300_000,
}

/** What the key of a bucket of requests begins with. */
export type Bucket = `${Kind.bucket}${keyof typeof Bound | 'p'}`;

// biome-ignore format: in the order of the buckets
export const BUCKETS_MS: number[] = [
  Bound.a, Bound.b, Bound.c, Bound.d, Bound.e, Bound.f, Bound.g, Bound.h, Bound.i, Bound.j,
  Bound.k, Bound.l, Bound.m, Bound.n, Bound.o,
];
const FIRST_BUCKET = 97;

/** Each request of a series with status 2xx is added to a number, for the detector of lasting changes (shift.ts). */
export enum Batch {
  /** Requests of a batch: their mean logarithm is nearly normal, and a step of each would cost more. */
  requests = 20,
  /** What is added: a logarithm in these units, times `room`, and 1 for the request. */
  units = 1000,
  room = 4000,
  /** It begins again below 0 before its last digits are lost. */
  most = 4e15,
  /** Characters that are kept of the batches of a series that no scrape has looked at, and one batch more. */
  // biome-ignore lint/suspicious/noDuplicateEnumValues: of another unit
  kept = 1000,
}

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
    (ms) => Kind.bucket + bucketOf(ms) + labels,
  );
  return classIn(labels) === '2xx' ? keys.concat([Kind.recent + labels]) : keys;
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
