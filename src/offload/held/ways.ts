/**
 * The ways of waiting, a row for each: what @offload_fault has to know of it. Another way is a row here, a location in
 * nginx/server.conf.template and a folder beside poll/ and redis/ (CONTRIBUTING.md). Functions, so that only a fault
 * makes objects.
 */

import { isRefusal } from '../../shared/checked';
import { targetAt } from '../result/location';
import { targetUri } from '../signal/target';

/** nginx variables, by name. */
type Variables = Record<string, string | undefined>;

export interface Way {
  /** What the signal names, for the log; empty: this is not the way of this client. */
  nameOf(variables: Variables): string;
  /** Forgets that name: the app is polled from now on. */
  leave(variables: Variables): void;
  /** For the log. */
  place: string;
  /** Locations of the next attempt, after the first failure and after each other one. */
  afterFirst: string;
  afterOthers: string;
  /** Location of the first attempt of a client that comes back. */
  afterHop: string;
  /** The client gets a 503 after so many failures. */
  mostFailures: number;
  /** A pause before the next attempt is so much longer than the one before it. */
  factor: number;
  /** Whether what it waits at has cancelled the job of a wait that ended; else @offload_fault has it cancelled. */
  hasCancelled: boolean;
  /** Where the client can ask for the job itself, and does at the timeout; empty: nowhere. */
  publicUrlOf(variables: Variables): string;
  /** Whether the app is polled instead when it fails, if the signal names a path for that. */
  isReplaced: boolean;
  /** Location of the next attempt where the header of the result needs larger buffers. */
  afterLongHeader: string;
  /** Why there is no result, for the log: its own socket is not there (empty: it has none); it is, and it failed. */
  absent: string;
  lost: string;
}

/**
 * The app is polled. Pauses of 0.2, 1.6 and 12.8 s, each up to twice that by chance. nginx ends a request after 10
 * internal redirects, and a pause takes two.
 */
function polling(): Way {
  return {
    nameOf: (variables) => {
      const args = variables.offload_args || '';
      return (variables.offload_url || '') + (args === '' ? '' : ` ${args}`);
    },
    leave: () => undefined,
    place: '',
    afterFirst: '@offload_again',
    afterOthers: '@offload_again',
    afterHop: '@offload_continued',
    mostFailures: 3,
    factor: 8,
    hasCancelled: true,
    publicUrlOf: () => '',
    isReplaced: false,
    afterLongHeader: '@offload_again',
    absent: '',
    lost: "the waiter can't be reached",
  };
}

/** An operation is polled, or a published signal's job by other statuses. */
function otherwise(): Way {
  const way = polling();
  way.nameOf = (variables) =>
    variables.offload_call_uri || variables.offload_pending ? polling().nameOf(variables) : '';
  way.afterFirst = '@offload_operation_again';
  way.afterOthers = '@offload_operation_again';
  way.afterLongHeader = '@offload_operation_again';
  way.afterHop = '@offload_operation_continued';
  way.publicUrlOf = (variables) => (variables.offload_public ? publicUrl(variables) : '');
  return way;
}

/** The path that is polled; else the URL as the API wrote it. */
function publicUrl(variables: Variables): string {
  const url = variables.offload_url || '';
  const hosts = [variables.offload_host || '', variables.offload_host_of_operation || ''];
  const target = targetAt(url, hosts, variables.offload_call_uri || '');
  return isRefusal(target) ? url : targetUri(target);
}

/**
 * A result is waited for on Redis. One more redirect leads back from a Redis that was away for the first time; after
 * the second time, the waiter repeats attempts.
 */
function redis(): Way {
  return {
    nameOf: (variables) =>
      variables.offload_celery || variables.offload_stream || variables.offload_rq || '',
    leave: (variables) => {
      variables.offload_celery = '';
      variables.offload_stream = '';
      variables.offload_rq = '';
    },
    place: ' on Redis',
    afterFirst: '@offload_redis_away',
    afterOthers: '@offload_redis_repeated',
    afterHop: '@offload_redis_continued',
    mostFailures: 2,
    factor: 1,
    hasCancelled: false,
    publicUrlOf: () => '',
    isReplaced: true,
    afterLongHeader: '@offload_redis_found',
    absent: 'stream {} includes no offload/redis/waiter.conf, or nginx is in a quit',
    lost: 'Redis is away or refuses',
  };
}

/** The way of a client: the first that its signal names; polling is the last. */
export function wayOf(variables: Variables): Way {
  const ways = [redis, otherwise, polling];
  for (let i = 0; i < ways.length; i++) {
    const way = (ways[i] as () => Way)();
    if (way.nameOf(variables) !== '') {
      return way;
    }
  }
  return polling();
}
