/**
 * Every metric: its row here makes its lines of the page, and its letter the keys that it is counted by in a shared
 * dictionary. Enums, as the build writes their values into the code that names them: a request makes no object of them.
 */

/**
 * What is counted, by the first letter of a key; behind it, for a histogram, the letter of a bucket, then the values of
 * the labels, separated by spaces. One `incr` of such a key is one observation.
 */
export enum Kind {
  /** Requests: bucket; route, method, class. */
  bucket = 'b',
  /** Their times, in ms: route, method, class. The key exists for each series, and all others before it. */
  sum = 's',
  abort = 'a',
  timeout = 't',
  cache = 'c',
  /** Times of a series with status 2xx, for the detector (shift.ts). */
  recent = 'd',
  operation = 'g',
  operationSum = 'h',
  /** The name of an operation that has series. */
  name = 'n',
  outcome = 'o',
  /** Of held requests: bucket; route. Its sum in ms. */
  waited = 'w',
  waitedSum = 'v',
  polls = 'p',
  late = 'l',
  cancel = 'x',
  /** In the shared dictionary offload_deadlines. */
  deadline = 'y',
}

/** What happened to the metrics themselves: whole keys, without labels. */
export enum Event {
  /** How many there are: series, names of operations, routes with a count of deadlines. */
  series = 'eseries',
  names = 'enames',
  routes = 'eroutes',
  /** Requests of series, or operations, beyond the most there may be. */
  folded = 'efolded',
  /** Observations for which the zone had no memory. */
  lost = 'elost',
}

/** Series of requests (route, method and class), each of them a histogram; beyond these: ALL_OTHERS. */
export const MOST_SERIES = 500;
export const MOST_OPERATIONS = 100;

/** No name of a route or an operation. */
export const ALL_OTHERS = '(more)';

export interface Family {
  type: 'counter' | 'gauge' | 'histogram';
  help: string;
  labels: string[];
  /** Of its keys, if it has some; of a histogram that of its sum. */
  key?: Kind | Event;
  /** Of the keys of a histogram's buckets. */
  buckets?: Kind;
  /** The value of its key is in ms, and shown in seconds. */
  isTime?: boolean;
  /** It is shown before anything is counted, one without labels as 0. */
  isAlways?: boolean;
  /** Several worker processes may try at once to be the last one, so that the value may be more. */
  most?: number;
}

// biome-ignore format: a table
export const FAMILIES = {
  offload_http_request_duration_seconds: {
    type: 'histogram', labels: ['route', 'method', 'code'], key: Kind.sum, buckets: Kind.bucket, isTime: true, isAlways: true,
    help: 'Time of requests by route, from the first byte of the client to the log; held ones with their wait.' },
  offload_http_client_aborts_total: {
    type: 'counter', labels: ['route', 'when'], key: Kind.abort, isAlways: true,
    help: 'Clients that left: before the app answered or signalled, or while they were held.' },
  offload_http_timeouts_total: {
    type: 'counter', labels: ['route'], key: Kind.timeout, isAlways: true,
    help: 'Responses with status 504.' },
  offload_http_cache_requests_total: {
    type: 'counter', labels: ['route', 'status'], key: Kind.cache, isAlways: true,
    help: 'Requests by the answer of the cache.' },
  offload_graphql_requests_total: {
    type: 'counter', labels: ['operation', 'code'], key: Kind.operation, isAlways: true,
    help: 'GraphQL requests by the name of the operation.' },
  offload_graphql_request_duration_seconds_total: {
    type: 'counter', labels: ['operation', 'code'], key: Kind.operationSum, isTime: true, isAlways: true,
    help: 'Sum of the times of GraphQL requests.' },

  offload_held_requests: {
    type: 'gauge', labels: ['route'],
    help: 'Clients that are held now; those that wait on Redis are not among them.' },
  offload_held_requests_total: {
    type: 'counter', labels: ['route', 'outcome'], key: Kind.outcome, isAlways: true,
    help: 'Requests that were held, by what became of them.' },
  offload_wait_duration_seconds: {
    type: 'histogram', labels: ['route'], key: Kind.waitedSum, buckets: Kind.waited, isTime: true, isAlways: true,
    help: 'Time of held requests from the signal to their end.' },
  offload_polls_total: {
    type: 'counter', labels: ['route'], key: Kind.polls, isAlways: true,
    help: 'Polls of held requests that ended.' },
  offload_lateness_seconds_total: {
    type: 'counter', labels: ['route'], key: Kind.late, isTime: true, isAlways: true,
    help: 'Sum of the most that results can be late: a job ended between two polls.' },
  offload_cancels_total: {
    type: 'counter', labels: ['route'], key: Kind.cancel, isAlways: true,
    help: 'Held requests without a result whose app was told so.' },

  offload_deadline_exceeded_total: {
    type: 'counter', labels: ['route'], key: Kind.deadline,
    help: 'Requests that ran past the deadline of their route.' },

  offload_schedule_job_duration_seconds: {
    type: 'gauge', labels: ['route', 'quantile'],
    help: 'How long jobs of the route take, as learned, by quantile.' },
  offload_schedule_planned_polls: {
    type: 'gauge', labels: ['route'],
    help: 'Polls in the plan of the route; a job ends at one of them.' },
  offload_schedule_first_poll_seconds: {
    type: 'gauge', labels: ['route'],
    help: 'When the plan of the route has its first poll, after the signal.' },

  offload_route_duration_baseline_seconds: {
    type: 'gauge', labels: ['route', 'method'],
    help: 'Time of a route that its requests are compared with: the median, about.' },
  offload_route_duration_changes_total: {
    type: 'counter', labels: ['route', 'method', 'direction'],
    help: 'Lasting changes of the time of a route: 30 % or more, for at least 80 requests.' },
  offload_route_duration_changed_timestamp_seconds: {
    type: 'gauge', labels: ['route', 'method'],
    help: 'When the last lasting change was found.' },
  offload_route_duration_change_ratio: {
    type: 'gauge', labels: ['route', 'method'],
    help: 'The new time of the route to the old one, at the last lasting change.' },

  offload_uwsgi_up: {
    type: 'gauge', labels: ['backend'],
    help: 'Whether the stats server of uWSGI answered.' },
  offload_uwsgi_workers: {
    type: 'gauge', labels: ['backend', 'state'],
    help: 'Workers of uWSGI by what they do: a busy one has a request in flight.' },
  offload_uwsgi_harakiri_total: {
    type: 'counter', labels: ['backend'],
    help: 'Requests whose worker was killed, as they ran past their time.' },
  offload_uwsgi_requests_total: {
    type: 'counter', labels: ['backend'],
    help: 'Requests that the workers of uWSGI have served.' },
  offload_uwsgi_listen_queue: {
    type: 'gauge', labels: ['backend'],
    help: 'Connections that wait for a worker of uWSGI.' },

  offload_metrics_series: {
    type: 'gauge', labels: [], key: Event.series, most: MOST_SERIES,
    help: 'Series of a route, a method and a class of statuses.' },
  offload_metrics_operations: {
    type: 'gauge', labels: [], key: Event.names, most: MOST_OPERATIONS,
    help: 'Names of GraphQL operations.' },
  offload_metrics_folded_total: {
    type: 'counter', labels: [], key: Event.folded, isAlways: true,
    help: 'Requests that are counted as (more), as there were too many series or names before.' },
  offload_metrics_lost_total: {
    type: 'counter', labels: [], key: Event.lost, isAlways: true,
    help: 'Requests that were not counted in full, as the zone is full.' },
  offload_metrics_zone_size_bytes: {
    type: 'gauge', labels: [],
    help: 'Memory of the zone offload_metrics.' },
  offload_metrics_zone_free_bytes: {
    type: 'gauge', labels: [],
    help: 'Free pages of the zone; at 0 there may be room for some series.' },
} satisfies Record<string, Family>;

export type FamilyName = keyof typeof FAMILIES;
